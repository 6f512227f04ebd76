# C = A * B, posit32 with its quire. Contract in gemm.h.
.set LANES, 1
.set RESULT, 4
.include "quire.S"

.macro dot_mac x, y
    vpqdot.s \x, \y
.endm

.macro dot_clear
    vpq32.clr
.endm

.macro dot_store
    rounded_store vpqround.s
.endm

    .text
    .globl   gemm_posit32
    .type    gemm_posit32, @function
gemm_posit32:
    gemm_dot f0, f1, f2, f3
    .size    gemm_posit32, . - gemm_posit32
