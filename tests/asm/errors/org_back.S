_start:
    nop
    nop
    .org 4
