# C = A * B in MXFP6 of E3M2, in the low bits of bytes. Contract in gemm.h.
.equ LOG_WORDS, 3
.equ UNROLL, 4
.include "microscaling.S"

.macro mac c, a, b, s
    mxdot.s.e3m2 \c, \a, \b, \s
.endm

    kernel   gemm_mxfp6e3m2, gemm_panels
