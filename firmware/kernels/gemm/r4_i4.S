# C = A * B, powers of four times INT4, to fp32, with `r4dot.s.i4`. Contract in gemm.h.
# An element is one fp32 sum, from +0, rounded once a word, then multiplied by both scales.
.include "four_bits.S"
.include "panel.S"

.macro prepare
    scale_of_both
.endm

.macro mac c, a, b, s
    r4dot.s.i4 \c, \a, \b
.endm

    kernel   gemm_r4_i4, gemm_panels
