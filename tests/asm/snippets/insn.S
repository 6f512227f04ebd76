# .insn in its forms.
.option norelax
.globl _start
_start:
    .insn r 0x33, 0, 0, a0, a1, a2
    .insn r OP_FP, 7, 0x10, fa0, a1, fa2
    .insn r CUSTOM_0, 7, 127, x31, x30, x29
    .insn r 0x43, 0, 0, fa0, fa1, fa2, fa3
    .insn r4 MADD, 1, 2, a0, fa1, a2, fa3
    .insn i 0x13, 0, a0, a1, -5
    .insn i LOAD, 2, a0, 8(sp)
    .insn i JALR, 0, a0, %lo(value)(a1)
    .insn s STORE, 2, a0, -4(sp)
    .insn s 0x27, 2, fa0, 16(a1)
    .insn sb BRANCH, 0, a0, a1, target
    .insn b 0x63, 1, a0, a1, target
    .insn u LUI, a0, 0xfffff
    .insn u AUIPC, a0, 0x1
    .insn uj JAL, a0, target
    .insn j 0x6f, zero, target
target:
    .insn 0x00b50533
    .insn 4, 0x00b50533
value:
