_start:
    .if later
    .endif
    .set later, 1
