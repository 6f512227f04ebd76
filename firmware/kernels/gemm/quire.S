# The dot products of posits in a quire, from lanes of f registers. There is one quire, and to keep it
# aside takes as many words as it has, so no two elements are summed at once. Each element is the
# exact sum, rounded once, to a format that may be wider than the operands'.
#
# Cycles of an element, steps = K / LANES, a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   loop 3 steps + 5 (steps / 16 - 1) + 9 + clear 1 + store 3 (posit8: 4)
#
# A variant defines LANES and RESULT, and over the quire: dot_mac, dot_clear, dot_store.
.set WORD, 4
.include "dot.S"

.macro dot_load r, o, p
    flw      \r, \o(\p)
.endm

.macro dot_empty
    fmv.w.x  f0, zero
    fmv.w.x  f1, zero
    fmv.w.x  f2, zero
    fmv.w.x  f3, zero
.endm

# Of words.
.macro rounded_store insn
    \insn    f4
    fsw      f4, 0(t2)
    addi     t2, t2, 4
.endm
