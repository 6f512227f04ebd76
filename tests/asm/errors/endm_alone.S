_start:
    .endm
