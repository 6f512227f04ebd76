_start:
    .set _start, 1
