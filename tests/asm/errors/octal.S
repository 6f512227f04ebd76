_start:
    .word 089
