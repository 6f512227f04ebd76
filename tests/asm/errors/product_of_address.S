_start:
    .word _start * 2
