# Words of eight elements without scales of blocks, and a header of two words: numbers/four_bits.h.
.equ LOG_WORDS, 3
.equ SCALED, 0
.equ UNROLL, 2
.equ HEADER, 2
.include "scaled.S"

.macro words
    addi     a2, a2, 7
    srli     a2, a2, 3
.endm
