_start:
    .if 1
    nop
