# C = A * B, posit16 in, posit32 out, with the quire of posit16. Contract in gemm.h.
.set LANES, 2
.set RESULT, 4
.include "quire.S"

.macro dot_mac x, y
    vpqdot.h \x, \y
.endm

.macro dot_clear
    vpq16.clr
.endm

.macro dot_store
    rounded_store vpqround.s.h
.endm

    .text
    .globl   gemm_posit16
    .type    gemm_posit16, @function
gemm_posit16:
    gemm_dot f0, f1, f2, f3
    .size    gemm_posit16, . - gemm_posit16
