# The tiles of 16-bit floats in, fp32 out, with `vfdotpex.s.h`; contract in gemm.h. The format-select
# CSR, 0x800, says in bit 1 what sources are: fp16 or bfloat16. A variant sets WORD and has an entry for
# each.
#
# A step takes two elements of each row, or four in words of eight bytes: the same 8 loads and 16
# instructions as the baseline's, with as many times its products. An accumulator holds one fp32 sum,
# from +0, rounded once a step; or two, of k % 4 = 0, 1 and of k % 4 = 2, 3, and their sum is
# rounded once more.
#
# Cycles of a 4x4 tile, steps = 2 K / WORD, a multiple of 16 (one an instruction but for jumps and taken
# branches, as cv32e40p does it; it has no port for words of eight bytes, README.md):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 20, with WORD 8 52
.include "singles.S"
.include "cleared.S"

.macro steps
    addi     a2, a2, WORD / 2 - 1
    srli     a2, a2, WORD / 4
.endm

.macro columns
    slli     s11, a1, 2
    mv       s0, s11
    andi     s10, s11, -16
.endm

.macro mac c, a, b
    vfdotpex.s.h \c, \a, \b
.endm
