# C = A * B in MXFP6 of E2M3, in the low bits of bytes. Contract in gemm.h.
.equ LOG_WORDS, 3
.equ UNROLL, 4
.include "microscaling.S"

.macro words
    addi     a2, a2, 3
    srli     a2, a2, 2
.endm

.macro mac c, a, b, s
    mxdot.s.e2m3 \c, \a, \b, \s
.endm

    .text
    .globl   gemm_mxfp6
    .type    gemm_mxfp6, @function
gemm_mxfp6:
    gemm_panels
    .size    gemm_mxfp6, . - gemm_mxfp6
