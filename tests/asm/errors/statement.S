_start:
    nop; )
