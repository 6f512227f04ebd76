_start:
    .else
