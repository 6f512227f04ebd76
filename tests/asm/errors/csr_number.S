_start:
    csrr a0, 4096
