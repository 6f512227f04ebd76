_start:
    lw a0, a1
