_start:
    .if 0
    nop
