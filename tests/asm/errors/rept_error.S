_start:
    .rept 2
    nop
    addi a0, a0, 9999
    .endr
