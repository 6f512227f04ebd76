# C = A * B in NVFP4: E2M1, a scale UE4M3 for 16 and one in fp32 for the whole, to fp32, with
# `nvdot.s`. Contract in gemm.h. An element is one fp32 sum, from +0, rounded once a word, then
# multiplied by the scales of both matrices.
.equ LOG_WORDS, 1
.equ SCALED, 1
.equ UNROLL, 8
.equ HEADER, 1
.include "panel.S"
.include "scaled.S"

.macro prepare
    scale_of_both
.endm

.macro words
    addi     a2, a2, 7
    srli     a2, a2, 3
.endm

.macro mac c, a, b, s
    nvdot.s  \c, \a, \b, \s
.endm

    kernel   gemm_nvfp4, gemm_panels
