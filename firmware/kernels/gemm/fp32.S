# C = A * B in fp32 with `fmadd.s`, in 4x4 tiles: the baseline. Contract in gemm.h.
#
# The first step of a tile adds to a register of zeros, f22, instead of clearing the tile, if K is
# a multiple of 16. Each element is the sum over k, in order, starting from +0, rounded each time.
#
# Cycles of a 4x4 tile, K a multiple of 16 (cv32e40p; elsewhere one an instruction):
#   open 1 + 24 K + 11 (K / 16 - 1) + 14 + store 20 = 24.7 K + 24; per MAC 1.54 + 1.5 / K
.set WORD, 4
.include "tile.S"

.macro load_word r, o, p
    flw      \r, \o(\p)
.endm

.macro store_word r, o, p
    fsw      \r, \o(\p)
.endm

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

    .text
    .globl   gemm_fp32
    .type    gemm_fp32, @function
gemm_fp32:
    gemm_tiles
    .size    gemm_fp32, . - gemm_fp32
