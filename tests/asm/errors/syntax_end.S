_start:
    li a0, (1 + 2
