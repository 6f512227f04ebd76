_start:
    .word _start + _start
