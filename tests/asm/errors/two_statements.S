_start:
    nop; nop a0
