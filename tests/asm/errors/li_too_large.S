_start:
    li a0, 0x123456789
