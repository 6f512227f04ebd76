# The tiles of FP8 products, FP8 in, FP16 out, with `vfdotpex.h.b`; contract in gemm.h. A variant
# defines WORD, and ALT: 0 for sources in E5M2, 1 for FP8alt, which is IEEE-style E4M3.
#
# A step takes WORD bytes of each row: the same 8 loads and 16 instructions as the baseline's, with
# WORD times its products. An accumulator holds WORD / 2 FP16 sums, from +0, each of two neighbors of
# every WORD, rounded once a step. `vfsum.h` adds neighboring lanes to lanes that are +0 and rounds
# once more: two sums, to the zero in lane 0 of a1, or four to two, which are added likewise after
# `vfcpka.s.s` has put those of two elements side by side.
#
# An FP16 store is `fmv.x.w` and `sh`; of two neighbors the first is an `fsw`, whose upper half the
# second overwrites. With WORD 8 an `fsw` stores two.
#
# Cycles of a 4x4 tile, steps = K / WORD, a multiple of 16 (one an instruction but for jumps and taken
# branches, as cv32e40p does it; it has no port for words of eight bytes, README.md):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 60, with WORD 8 68
.include "words.S"

# In the format-select CSR, bit 1 is the format of sources, bytes and halves alike: it is 0 while the
# FP16 lanes of an accumulator are sources.
.macro sources mode
    .if      ALT
    csrwi    0x800, \mode
    .endif
.endm

.macro steps
    addi     a2, a2, WORD - 1
    srli     a2, a2, WORD / 8 + 2
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

.macro store_two_sums p, c0, c1, c2, c3
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

.macro store_four_sums p, c0, c1, c2, c3
    fmv.w.x  f0, zero
    fmv.w.x  f1, zero
    fmv.w.x  f2, zero
    fmv.w.x  f3, zero
    vfsum.h  f0, \c0
    vfsum.h  f1, \c1
    vfsum.h  f2, \c2
    vfsum.h  f3, \c3
    vfcpka.s.s f4, f0, f1
    vfcpka.s.s f5, f2, f3
    fmv.w.x  f6, zero
    fmv.w.x  f7, zero
    vfsum.h  f6, f4
    vfsum.h  f7, f5
    fsw      f6, 0(\p)
    fsw      f7, 4(\p)
    addi     \p, \p, 8
.endm

.macro store_row p, c0, c1, c2, c3
    .if      WORD == 8
    store_four_sums \p, \c0, \c1, \c2, \c3
    .else
    store_two_sums \p, \c0, \c1, \c2, \c3
    .endif
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
    .if      WORD == 8
    fmv.w.x  f1, zero
    vfsum.h  f1, \c
    vfsum.h  f0, f1
    .else
    vfsum.h  f0, \c
    .endif
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

