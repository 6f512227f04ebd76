# C = A * B in MXFP4, E2M1. Contract in gemm.h.
.equ LOG_WORDS, 2
.equ UNROLL, 8
.include "microscaling.S"

.macro words
    addi     a2, a2, 7
    srli     a2, a2, 3
.endm

.macro mac c, a, b, s
    mxdot.s.e2m1 \c, \a, \b, \s
.endm

    .text
    .globl   gemm_mxfp4
    .type    gemm_mxfp4, @function
gemm_mxfp4:
    gemm_panels
    .size    gemm_mxfp4, . - gemm_mxfp4
