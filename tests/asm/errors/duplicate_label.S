_start:
    nop
_start:
