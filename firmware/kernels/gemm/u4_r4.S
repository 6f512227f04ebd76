# C = A * B, INT4 from 0 to 15 times powers of four, to fp32, with `r4dot.s.u4`. Contract in gemm.h.
# An element is one fp32 sum, from +0, rounded once a word, then multiplied by both scales.
.include "four_bits.S"
.include "panel.S"

.macro prepare
    scale_of_both
.endm

.macro mac c, a, b, s
    r4dot.s.u4 \c, \b, \a
.endm

    kernel   gemm_u4_r4, gemm_panels
