# C = A * B in 8-bit VS-Quant, vectors of 64: integers with an integer scale for a vector and one in fp32 for
# the whole, with `vsqdot.b`. Contract in gemm.h. Sums are exact, then rounded to fp32, and
# multiplied by the scales of both matrices.
.equ LOG_WORDS, 4
.equ SCALED, 1
.equ UNROLL, 4
.equ HEADER, 1
.include "scaled.S"
.include "integers.S"

.macro words
    addi     a2, a2, 3
    srli     a2, a2, 2
.endm

.macro mac c, a, b, s
    vsqdot.b \c, \a, \b, \s
.endm

    kernel   gemm_vsq8, gemm_panels
