# C = A * B in MXFP4, E2M1. Contract in gemm.h.
.equ LOG_WORDS, 2
.equ UNROLL, 8
.include "microscaling.S"

.macro mac c, a, b, s
    mxdot.s.e2m1 \c, \a, \b, \s
.endm

    kernel   gemm_mxfp4, gemm_panels
