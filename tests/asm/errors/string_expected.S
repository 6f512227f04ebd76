_start:
    .asciz text
