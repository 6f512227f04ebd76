_start:
    .section .x, "aq"
