_start:
    .word 1 + * 2
