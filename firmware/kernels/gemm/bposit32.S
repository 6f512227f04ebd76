# C = A * B, bounded posits of 32 bits with their exact quire. Contract in gemm.h.
.set LANES, 1
.set RESULT, 4
.include "quire.S"

.macro dot_mac x, y
    vbpqdot.s \x, \y
.endm

.macro dot_clear
    vbpq.clr
.endm

.macro dot_store
    rounded_store vbpqround.s
.endm

    .text
    .globl   gemm_bposit32
    .type    gemm_bposit32, @function
gemm_bposit32:
    gemm_dot f0, f1, f2, f3
    .size    gemm_bposit32, . - gemm_bposit32
