# C = A * B in a microscaling format, to fp32, with `mxdot.s`. Contract in gemm.h; a variant says `mac`
# and the sizes of panel.S. An element is one fp32 sum, from +0, rounded once a word.
.equ SCALED, 1
.include "panel.S"

.macro prepare
.endm

.macro finish
.endm
