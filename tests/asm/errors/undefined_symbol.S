    .globl missing
_start:
    nop
    la a0, 4 + missing
    la a0, missing
