# C = A * B in fp32 with `fmadd.s`, in 4x4 tiles: the baseline. Contract in gemm.h.
#
# The first step of a tile adds to a register of zeros, f22, instead of clearing the tile, if K is
# a multiple of 16. Each element is the sum over k, in order, starting from +0, rounded each time.
#
# Cycles of a 4x4 tile, K a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   open 1 + 24 K + 11 (K / 16 - 1) + 14 + store 20 = 24.7 K + 24; per MAC 1.54 + 1.5 / K
.set WORD, 4
.include "singles.S"

.macro steps
.endm

.macro columns
    slli     s11, a1, 2
    mv       s0, s11
    andi     s10, s11, -16
    fmv.w.x  f22, zero
.endm

.macro mac c, a, b
    fmadd.s  \c, \a, \b, \c
.endm

.macro mac0 c, a, b
    fmadd.s  \c, \a, \b, f22
.endm

.macro open44
    bnez     t3, .Lclear44
.endm

.macro apart44
.Lclear44:
    clear44
    jr       t6
.endm

    kernel   gemm_fp32, gemm_tiles
