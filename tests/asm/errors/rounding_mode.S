_start:
    fadd.s fa0, fa1, fa2, rtx
