    .macro inner a
    add \a, \a, 1
    .endm
    .macro outer b
    nop
    inner \b
    .endm
_start:
    outer a0
