_start:
    fadd.s fa0, a1, fa2
