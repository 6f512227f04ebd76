# Tiles of integer sums over panels (frame.S): each sum in one x register over the whole of K, at
# its end converted, multiplied by the scales of both matrices (f22) and stored as fp32. Sums are
# exact, and wrap at 32 bits.
#
# With a scale for each block a tile is 2x4, and a step 6 loads and 8 multiply-adds; a block starts
# with 6 loads of scales, A's to bits 15:0 and B's to 31:16, and their 8 sums. Without it is 4x4, 8 loads
# and 16 multiply-adds. That is every x register, so what frame.S wants of them besides t0 to t3 is
# kept in f0 to f6.
#
# Cycles of a tile, one a cycle but for jumps (2), taken branches (3), on `cv32e40p`:
#   2x4  14 (words + blocks) + 5 (groups - 1) + 53
#   4x4  24 words + 5 (groups - 1) + 87
#
# Besides what frame.S wants, a variant defines
#   mac c, a, b, s      c += a * b, times both scales in s if there are any
.equ ROWS, 4 - 2 * SCALED
.include "frame.S"

.macro prepare
    scale_of_both
.endm

.macro scale_pair y, c0, c1
    add      \c0, a3, \y
    add      \c1, a7, \y
.endm

.macro scales o
    lhu      a3, \o+2(t0)
    lhu      a7, \o+6(t0)
    lw       a4, \o(t1)
    lw       a5, \o+4(t1)
    lw       a6, \o+8(t1)
    lw       ra, \o+12(t1)
    scale_pair a4, a0, a4
    scale_pair a5, a1, a5
    scale_pair a6, a2, a6
    scale_pair ra, a3, a7
.endm

.if SCALED
.macro step o
    lw       s8, \o(t0)
    lw       s9, \o+4(t0)
    lw       s10, \o(t1)
    lw       s11, \o+4(t1)
    lw       t4, \o+8(t1)
    lw       t5, \o+12(t1)
    mac      s0, s8, s10, a0
    mac      s1, s8, s11, a1
    mac      s2, s8, t4, a2
    mac      s3, s8, t5, a3
    mac      s4, s9, s10, a4
    mac      s5, s9, s11, a5
    mac      s6, s9, t4, a6
    mac      s7, s9, t5, a7
.endm
.else
.macro step o
    lw       a4, \o(t0)
    lw       a5, \o+4(t0)
    lw       a6, \o+8(t0)
    lw       a7, \o+12(t0)
    lw       t4, \o(t1)
    lw       t5, \o+4(t1)
    lw       t6, \o+8(t1)
    lw       ra, \o+12(t1)
    mac      s0, a4, t4
    mac      s1, a4, t5
    mac      s2, a4, t6
    mac      s3, a4, ra
    mac      s4, a5, t4
    mac      s5, a5, t5
    mac      s6, a5, t6
    mac      s7, a5, ra
    mac      s8, a6, t4
    mac      s9, a6, t5
    mac      s10, a6, t6
    mac      s11, a6, ra
    mac      a0, a7, t4
    mac      a1, a7, t5
    mac      a2, a7, t6
    mac      a3, a7, ra
.endm
.endif

.macro park
    fmv.w.x  f0, a0
    fmv.w.x  f1, a1
    fmv.w.x  f2, a2
    fmv.w.x  f3, a3
    fmv.w.x  f4, a4
    fmv.w.x  f5, a5
    fmv.w.x  f6, t4
.endm

.macro unpark
    fmv.x.w  a4, f4
.endm

.macro clear_row c0, c1, c2, c3
    li       \c0, 0
    li       \c1, 0
    li       \c2, 0
    li       \c3, 0
.endm

.macro single_row f0, f1, f2, f3, c0, c1, c2, c3
    fcvt.s.w \f0, \c0
    fcvt.s.w \f1, \c1
    fcvt.s.w \f2, \c2
    fcvt.s.w \f3, \c3
    fmul.s   \f0, \f0, f22
    fmul.s   \f1, \f1, f22
    fmul.s   \f2, \f2, f22
    fmul.s   \f3, \f3, f22
.endm

.macro tiles
.Ltile:
    fmv.x.w  t4, f4
    clear_row s0, s1, s2, s3
    clear_row s4, s5, s6, s7
    .if      ROWS == 4
    clear_row s8, s9, s10, s11
    clear_row a0, a1, a2, a3
    .endif
    jr       t4
.Lgroup:
    group
    addi     t0, t0, UNROLL * BLOCK_BYTES
    addi     t1, t1, UNROLL * BLOCK_BYTES
    bltu     t0, t3, .Lgroup
    fmv.x.w  t4, f6
    bne      t0, t4, .Lrest
    single_row f10, f11, f12, f13, s0, s1, s2, s3
    single_row f14, f15, f16, f17, s4, s5, s6, s7
    .if      ROWS == 4
    single_row f28, f29, f30, f31, s8, s9, s10, s11
    single_row f18, f19, f20, f21, a0, a1, a2, a3
    .endif
    fmv.x.w  a0, f0
    fmv.x.w  a2, f2
    fmv.x.w  a5, f5
    fmv.x.w  a3, f3
    fmv.x.w  a1, f1
    sub      t0, t0, a2
    sub      t1, t1, a0
    bgeu     t2, a5, .Lpart
    add      s0, t2, a3
    .if      ROWS == 4
    add      s1, s0, a3
    add      s2, s1, a3
    .endif
    store_tile t2, s0, s1, s2
    addi     t2, t2, 16
    bltu     t2, a1, .Ltile
.endm

.macro rest
.Lrest:
    .if      SCALED
    scales   0
    .endif
    lw       t4, REST_BIAS(sp)
    sub      t0, t0, t4
    sub      t1, t1, t4
    lw       t4, REST(sp)
    jr       t4
.endm
