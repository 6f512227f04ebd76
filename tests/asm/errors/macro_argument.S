    .macro store register, offset
    sw \register, \offset(sp)
    .endm
_start:
    nop
    store a0, 5000
