# C = A * B, posit16 in, posit32 out, without a quire: the fused `vpmac.h` in the tiles of the baseline.
# Contract in gemm.h. A step takes two elements of each row. An accumulator holds two posit16 sums, of
# even and of odd k, from 0, rounded once a step; their sum is rounded to posit32.
#
# Cycles of a 4x4 tile, K a multiple of 32, steps = K / 2 (cv32e40p; elsewhere one an instruction):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 68 = 12.3 K + 89; per MAC 0.77 + 5.6 / K
.set WORD, 4
.include "words.S"
.include "rows.S"
.include "cleared.S"

.macro steps
    addi     a2, a2, 1
    srli     a2, a2, 1
.endm

.macro columns
    slli     s11, a1, 2
    mv       s0, s11
    andi     s10, s11, -16
.endm

.macro mac c, a, b
    vpmac.h  \c, \a, \b
.endm

.macro store_row p, c0, c1, c2, c3
    vpcvt0.s.h f0, \c0
    vpcvt0.s.h f1, \c1
    vpcvt0.s.h f2, \c2
    vpcvt0.s.h f3, \c3
    vpcvt1.s.h f4, \c0
    vpcvt1.s.h f5, \c1
    vpcvt1.s.h f6, \c2
    vpcvt1.s.h f7, \c3
    vpadd.s  f0, f0, f4
    vpadd.s  f1, f1, f5
    vpadd.s  f2, f2, f6
    vpadd.s  f3, f3, f7
    fsw      f0, 0(\p)
    fsw      f1, 4(\p)
    fsw      f2, 8(\p)
    fsw      f3, 12(\p)
    addi     \p, \p, 16
.endm

.macro store_one p, c
    vpcvt0.s.h f0, \c
    vpcvt1.s.h f4, \c
    vpadd.s  f0, f0, f4
    fsw      f0, 0(\p)
    addi     \p, \p, 4
.endm

    kernel   gemm_posit16_mac, gemm_tiles
