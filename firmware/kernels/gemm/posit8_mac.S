# C = A * B, posit8 in, posit16 out, without a quire: the fused `vpmac.b` in the tiles of the baseline.
# Contract in gemm.h. A step takes four elements of each row. An accumulator holds four posit8 sums,
# each from 0, rounded once a step. They are added in pairs in posit16 (lanes 0 and 2, 1 and 3), those
# two in posit32, and the sum is rounded to posit16.
#
# Cycles of a 4x4 tile, K a multiple of 64, steps = K / 4 (cv32e40p; elsewhere one an instruction):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 160 = 6.2 K + 181; per MAC 0.39 + 11.3 / K
.set WORD, 4
.include "words.S"
.include "rows.S"
.include "cleared.S"

.macro steps
    addi     a2, a2, 3
    srli     a2, a2, 2
.endm

.macro columns
    slli     s11, a1, 1
    addi     s0, s11, 3
    andi     s0, s0, -4
    andi     s10, s11, -8
.endm

.macro mac c, a, b
    vpmac.b  \c, \a, \b
.endm

.macro store_one p, c
    vpcvt0.h.b f0, \c
    vpcvt1.h.b f4, \c
    vpadd.h  f0, f0, f4
    vpcvt1.s.h f4, f0
    vpcvt0.s.h f0, f0
    vpadd.s  f0, f0, f4
    vpcvt0.h.s f0, f0
    fmv.x.w  ra, f0
    sh       ra, 0(\p)
    addi     \p, \p, 2
.endm

.macro store_row p, c0, c1, c2, c3
    store_one \p, \c0
    store_one \p, \c1
    store_one \p, \c2
    store_one \p, \c3
.endm

    kernel   gemm_posit8_mac, gemm_tiles
