_start:
    add a0, a1, 5
