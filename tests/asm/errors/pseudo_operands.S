_start:
    la a0
