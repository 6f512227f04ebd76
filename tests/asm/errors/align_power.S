_start:
    .balign 3
