_start:
#ifdef A
    nop
#endif
