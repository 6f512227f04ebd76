_start:
    .byte 1, 256
