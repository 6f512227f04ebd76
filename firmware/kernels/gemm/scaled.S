# Matrices with a scale for the whole, fp32 in the first of HEADER words before the panels.

# f22 = the product of the scales of A, at a3, and B, at a4; both to the first panel.
.macro scale_of_both
    flw      f22, 0(a3)
    flw      f0, 0(a4)
    fmul.s   f22, f22, f0
    addi     a3, a3, 4 * HEADER
    addi     a4, a4, 4 * HEADER
.endm

# What floating-point tiles do with it, of panel.S.
.macro finish_row c0, c1, c2, c3
    fmul.s   \c0, \c0, f22
    fmul.s   \c1, \c1, f22
    fmul.s   \c2, \c2, f22
    fmul.s   \c3, \c3, f22
.endm

.macro finish
    finish_row f10, f11, f12, f13
    finish_row f14, f15, f16, f17
    finish_row f28, f29, f30, f31
    finish_row f18, f19, f20, f21
.endm
