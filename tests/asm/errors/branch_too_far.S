_start:
    nop
    beq a0, a1, far
    .skip 5000
far:
