_start:
    .insn r OPP, 0, 0, a0, a1, a2
