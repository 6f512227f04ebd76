_start:
    .insn 2, 0x00b50533
