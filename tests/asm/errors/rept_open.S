_start:
    .rept 2
    nop
