# C = A * B in MXFP8 of E5M2. Contract in gemm.h.
.equ LOG_WORDS, 3
.equ UNROLL, 4
.include "microscaling.S"

.macro words
    addi     a2, a2, 3
    srli     a2, a2, 2
.endm

.macro mac c, a, b, s
    mxdot.s.e5m2 \c, \a, \b, \s
.endm

    .text
    .globl   gemm_mxfp8e5m2
    .type    gemm_mxfp8e5m2, @function
gemm_mxfp8e5m2:
    gemm_panels
    .size    gemm_mxfp8e5m2, . - gemm_mxfp8e5m2
