_start:
    .macro m
    nop
