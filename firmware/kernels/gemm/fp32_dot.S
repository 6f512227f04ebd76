# C = A * B in fp32 with `fmadd.s`, one element at a time: the order of posit32.S. Contract in
# gemm.h. Each element is the sum over k, in order, starting from +0, rounded each time.
#
# Cycles of an element, K a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   loop 3 K + 5 (K / 16 - 1) + 9 + clear 1 + store 2 = 3.3 K + 7; per MAC 3.31 + 7 / K
.set WORD, 4
.set LANES, 1
.set RESULT, 4
.include "dot.S"

.macro dot_load r, o, p
    flw      \r, \o(\p)
.endm

.macro dot_mac x, y
    fmadd.s  f4, \x, \y, f4
.endm

.macro dot_clear
    fmv.w.x  f4, zero
.endm

.macro dot_empty
    fmv.w.x  f0, zero
    fmv.w.x  f1, zero
    fmv.w.x  f2, zero
    fmv.w.x  f3, zero
.endm

.macro dot_store
    fsw      f4, 0(t2)
    addi     t2, t2, 4
.endm

    .text
    .globl   gemm_fp32_dot
    .type    gemm_fp32_dot, @function
gemm_fp32_dot:
    gemm_dot f0, f1, f2, f3
    .size    gemm_fp32_dot, . - gemm_fp32_dot
