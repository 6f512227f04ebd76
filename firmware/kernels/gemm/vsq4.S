# C = A * B in 4-bit VS-Quant, vectors of 16: integers with an integer scale for a vector and one in fp32 for
# the whole, with `vsqdot.n`. Contract in gemm.h. Sums are exact, then rounded to fp32, and
# multiplied by the scales of both matrices.
.equ LOG_WORDS, 1
.equ SCALED, 1
.equ UNROLL, 8
.equ HEADER, 1
.include "scaled.S"
.include "integers.S"

.macro words
    addi     a2, a2, 7
    srli     a2, a2, 3
.endm

.macro mac c, a, b, s
    vsqdot.n \c, \a, \b, \s
.endm

    kernel   gemm_vsq4, gemm_panels
