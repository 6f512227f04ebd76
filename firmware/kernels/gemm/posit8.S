# C = A * B, posit8 in, posit16 out, with the quire of posit8. Contract in gemm.h.
.set LANES, 4
.set RESULT, 2
.include "quire.S"

.macro dot_mac x, y
    vpqdot.b \x, \y
.endm

.macro dot_clear
    vpq8.clr
.endm

.macro dot_store
    vpqround.h.b f4
    fmv.x.w  a5, f4
    sh       a5, 0(t2)
    addi     t2, t2, 2
.endm

    .text
    .globl   gemm_posit8
    .type    gemm_posit8, @function
gemm_posit8:
    gemm_dot f0, f1, f2, f3
    .size    gemm_posit8, . - gemm_posit8
