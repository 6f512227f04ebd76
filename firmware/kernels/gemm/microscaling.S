# C = A * B in a microscaling format, to fp32, with `mxdot.s`. Contract in gemm.h; a variant says `mac`
# and the sizes of panel.S. An element is one fp32 sum, from +0, rounded once a word.
.equ SCALED, 1
.equ LOG_LANES, 5 - LOG_WORDS      # a block has 32 elements
.include "panel.S"

.macro words
    addi     a2, a2, (1 << LOG_LANES) - 1
    srli     a2, a2, LOG_LANES
.endm

.macro prepare
.endm

.macro finish
.endm
