_start:
    j . + 3
