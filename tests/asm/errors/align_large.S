_start:
    .align 40
