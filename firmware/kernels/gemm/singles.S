# Tiles whose accumulators are single fp32 sums: words of four bytes, and how a tile of C is stored.
# A variant includes this before it says what a step is; contract in tile.S.
.set WORD, 4
.include "tile.S"

.macro load_word r, o, p
    flw      \r, \o(\p)
.endm

.macro store_word r, o, p
    fsw      \r, \o(\p)
.endm

.macro store_row p, c0, c1, c2, c3
    fsw      \c0, 0(\p)
    fsw      \c1, 4(\p)
    fsw      \c2, 8(\p)
    fsw      \c3, 12(\p)
    addi     \p, \p, 16
.endm

.macro store44
    store_row t2, f10, f11, f12, f13
    store_row s7, f14, f15, f16, f17
    store_row s8, f28, f29, f30, f31
    store_row s9, f18, f19, f20, f21
.endm

.macro store14
    store_row t2, f10, f11, f12, f13
.endm

.macro store_one p, c
    fsw      \c, 0(\p)
    addi     \p, \p, 4
.endm

.macro store41
    store_one t2, f10
    store_one s7, f14
    store_one s8, f28
    store_one s9, f18
.endm

.macro dot_store
    store_one t2, f10
.endm
