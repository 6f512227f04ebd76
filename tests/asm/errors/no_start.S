begin:
    nop
