_start:
    .rept -1
    .endr
