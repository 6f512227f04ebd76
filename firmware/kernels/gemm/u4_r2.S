# C = A * B, INT4 from 0 to 15 times powers of two, to fp32, with `r2dot.s.u4`. Contract in gemm.h.
# An element is one fp32 sum, from +0, rounded once a word, then multiplied by both scales.
.include "four_bits.S"
.include "panel.S"

.macro prepare
    scale_of_both
.endm

.macro mac c, a, b, s
    r2dot.s.u4 \c, \b, \a
.endm

    kernel   gemm_u4_r2, gemm_panels
