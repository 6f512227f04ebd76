_start:
    lw a0, 4096(sp)
