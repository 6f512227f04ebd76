_start:
    .rept 1 << 30
    nop
    .endr
