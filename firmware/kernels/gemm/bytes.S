# The tiles of FP8 products, FP8 in, FP16 out, with `vfdotpex.h.b`; contract in gemm.h. A variant
# defines ALT: 0 for sources in E5M2, 1 for FP8alt, which is IEEE-style E4M3.
#
# A step takes four bytes of each row: the same 8 loads and 16 instructions as the baseline's, with
# four times its products. An accumulator holds two FP16 sums: lane 0 of k % 4 = 0, 1 and lane 1
# of k % 4 = 2, 3, from +0, rounded once a step. `vfsum.h` adds both to the zero in lane 0 of a1,
# which rounds once more.
#
# An FP16 store is `fmv.x.w` and `sh`; of two neighbors the first is an `fsw`, whose upper half the
# second overwrites.
#
# Cycles of a 4x4 tile, K a multiple of 64, steps = K / 4 (cv32e40p; elsewhere one an instruction):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 60 = 6.2 K + 81; per MAC 0.39 + 5.1 / K
.set WORD, 4
.include "tile.S"

.macro load_word r, o, p
    flw      \r, \o(\p)
.endm

.macro store_word r, o, p
    fsw      \r, \o(\p)
.endm

# In the format-select CSR, bit 1 is the format of sources, bytes and halves alike: it is 0 while the
# FP16 lanes of an accumulator are sources.
.macro sources mode
    .if      ALT
    csrwi    0x800, \mode
    .endif
.endm

.macro steps
    addi     a2, a2, 3
    srli     a2, a2, 2
.endm

.macro columns
    slli     s11, a1, 1
    addi     s0, s11, 3
    andi     s0, s0, -4
    andi     s10, s11, -8
    lui      a1, 0xffff0
.endm

.macro mac c, a, b
    vfdotpex.h.b \c, \a, \b
.endm

.macro mac0 c, a, b
    vfdotpex.h.b \c, \a, \b
.endm

.macro open44
    clear44
    jr       t6
.endm

.macro apart44
.endm

.macro store_row p, c0, c1, c2, c3
    fmv.w.x  f0, a1
    fmv.w.x  f1, a1
    fmv.w.x  f2, a1
    fmv.w.x  f3, a1
    vfsum.h  f0, \c0
    vfsum.h  f1, \c1
    vfsum.h  f2, \c2
    vfsum.h  f3, \c3
    fsw      f0, 0(\p)
    fmv.x.w  ra, f1
    fsw      f2, 4(\p)
    sh       ra, 2(\p)
    fmv.x.w  ra, f3
    sh       ra, 6(\p)
    addi     \p, \p, 8
.endm

.macro store44
    sources  0
    store_row t2, f10, f11, f12, f13
    store_row s7, f14, f15, f16, f17
    store_row s8, f28, f29, f30, f31
    store_row s9, f18, f19, f20, f21
    sources  2
.endm

.macro store14
    sources  0
    store_row t2, f10, f11, f12, f13
    sources  2
.endm

.macro store_one p, c
    fmv.w.x  f0, a1
    vfsum.h  f0, \c
    fmv.x.w  ra, f0
    sh       ra, 0(\p)
    addi     \p, \p, 2
.endm

.macro store41
    sources  0
    store_one t2, f10
    store_one s7, f14
    store_one s8, f28
    store_one s9, f18
    sources  2
.endm

.macro dot_store
    sources  0
    store_one t2, f10
    sources  2
.endm

