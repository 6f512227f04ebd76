# C = A * B in MXFP8 of E4M3. Contract in gemm.h.
.equ LOG_WORDS, 3
.equ UNROLL, 4
.include "microscaling.S"

.macro mac c, a, b, s
    mxdot.s.e4m3 \c, \a, \b, \s
.endm

    kernel   gemm_mxfp8, gemm_panels
