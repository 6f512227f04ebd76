_start:
    .word 0x100000000
