# C = A * B in MXFP8 of E5M2. Contract in gemm.h.
.equ LOG_WORDS, 3
.equ UNROLL, 4
.include "microscaling.S"

.macro mac c, a, b, s
    mxdot.s.e5m2 \c, \a, \b, \s
.endm

    kernel   gemm_mxfp8e5m2, gemm_panels
