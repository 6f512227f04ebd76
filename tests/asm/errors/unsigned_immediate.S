_start:
    lui a0, 0x100000
