_start:
    j 1f
