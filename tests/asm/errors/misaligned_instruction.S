_start:
    .byte 1
    nop
