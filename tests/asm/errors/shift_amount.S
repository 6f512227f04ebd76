_start:
    slli a0, a0, 32
