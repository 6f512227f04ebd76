    .macro m
    m
    .endm
_start:
    m
