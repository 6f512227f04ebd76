_start:
    .insn r 0x33, 8, 0, a0, a1, a2
