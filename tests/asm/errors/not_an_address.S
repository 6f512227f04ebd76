_start:
    sw a0, 4
