_start:
    .section .x, "a", @bits
