_start:
    .half _start
