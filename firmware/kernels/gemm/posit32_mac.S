# C = A * B in posit32 without a quire, with the fused `vpmac.s`, in the tiles of the baseline. Contract
# in gemm.h. Each element is the sum over k, in order, starting from 0, rounded each time.
#
# Cycles of a 4x4 tile, K a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   open 18 + 24 K + 11 (K / 16 - 1) + 14 + store 20 = 24.7 K + 41; per MAC 1.54 + 2.6 / K
.set WORD, 4
.include "singles.S"
.include "cleared.S"

.macro steps
.endm

.macro columns
    slli     s11, a1, 2
    mv       s0, s11
    andi     s10, s11, -16
.endm

.macro mac c, a, b
    vpmac.s  \c, \a, \b
.endm

    kernel   gemm_posit32_mac, gemm_tiles
