# C = A * B in posit32 with PERCIVAL's quire and registers, one element at a time. Contract in gemm.h. There is one quire
# and no way to keep it aside, so no two elements can be summed at once. Each element is the exact
# sum, rounded once.
#
# Cycles of an element, K a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   loop 3 K + 5 (K / 16 - 1) + 9 + clear 1 + store 3 = 3.3 K + 8; per MAC 3.31 + 8 / K
.set WORD, 4
.set LANES, 1
.set RESULT, 4
.include "dot.S"

.macro dot_load r, o, p
    plw      \r, \o(\p)
.endm

.macro dot_mac x, y
    qmadd.s  \x, \y
.endm

.macro dot_clear
    qclr.s
.endm

.macro dot_empty
    pmv.w.x  pt0, zero
    pmv.w.x  pt1, zero
    pmv.w.x  pt2, zero
    pmv.w.x  pt3, zero
.endm

.macro dot_store
    qround.s pt4
    psw      pt4, 0(t2)
    addi     t2, t2, 4
.endm

    .text
    .globl   gemm_xposit32
    .type    gemm_xposit32, @function
gemm_xposit32:
    gemm_dot pt0, pt1, pt2, pt3
    .size    gemm_xposit32, . - gemm_xposit32
