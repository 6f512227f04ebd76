_start:
    .space 1 << 40
