    .macro m a
    .endm
_start:
    m 1, 2
