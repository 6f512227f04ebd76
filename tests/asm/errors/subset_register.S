_start:
    .insn cl C0, 2, a0, 0(t0)
