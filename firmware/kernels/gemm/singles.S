# Tiles whose accumulators are fp32 sums, and how a tile of C is stored: one sum in words of four
# bytes, two in those of eight, which `vfsum.s` adds to +0 first. A variant sets WORD and includes this
# before it says what a step is; contract in tile.S.
.include "words.S"
.include "rows.S"

.macro store_singles p, c0, c1, c2, c3
    fsw      \c0, 0(\p)
    fsw      \c1, 4(\p)
    fsw      \c2, 8(\p)
    fsw      \c3, 12(\p)
    addi     \p, \p, 16
.endm

.macro store_row p, c0, c1, c2, c3
    .if      WORD == 8
    fmv.w.x  f0, zero
    fmv.w.x  f1, zero
    fmv.w.x  f2, zero
    fmv.w.x  f3, zero
    vfsum.s  f0, \c0
    vfsum.s  f1, \c1
    vfsum.s  f2, \c2
    vfsum.s  f3, \c3
    store_singles \p, f0, f1, f2, f3
    .else
    store_singles \p, \c0, \c1, \c2, \c3
    .endif
.endm

.macro store_one p, c
    .if      WORD == 8
    fmv.w.x  f0, zero
    vfsum.s  f0, \c
    fsw      f0, 0(\p)
    .else
    fsw      \c, 0(\p)
    .endif
    addi     \p, \p, 4
.endm
