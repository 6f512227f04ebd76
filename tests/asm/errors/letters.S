_start:
    fence rx, w
