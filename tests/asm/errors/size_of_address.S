_start:
    .size _start, _start
