# Tiles of floating-point sums over panels (frame.S): C in 4x4 tiles, each summed in sixteen registers
# over the whole of K and stored once.
#
# A step takes four words of A and four of B, 8 loads and 16 multiply-adds, as in tile.S, but one
# pointer moves over each. A block starts with 8 loads of scales, A's to bits 7:0 and B's to 15:8,
# and their 16 sums, which the multiply-adds of the block take.
#
#   A  f0-f3     C tile  f10 f11 f12 f13     scales  s0  s1  s2  s3      ra  a scale of B; scratch
#   B  f4-f7             f14 f15 f16 f17             s4  s5  s6  s7      f22 the variant's
#                        f28 f29 f30 f31             s8  s9  s10 s11
#                        f18 f19 f20 f21             a6  a7  t5  t6
#
# Cycles of a 4x4 tile, one a cycle but for jumps (2), taken branches (3), on `cv32e40p`:
#   24 (words + scaled blocks) + 5 (groups - 1) + 48 + finish
#
# Besides what frame.S wants, a variant defines
#   mac c, a, b, s      c += a * b * both scales in s
#   finish              what becomes of the sums, f10 to f21, before they are stored
.equ ROWS, 4
.include "frame.S"

.macro scale_column y, c0, c1, c2, c3
    add      \c0, s3, \y
    add      \c1, s7, \y
    add      \c2, s11, \y
    add      \c3, t6, \y
.endm

.macro scales o
    lbu      s3, \o(t0)
    lbu      s7, \o+4(t0)
    lbu      s11, \o+8(t0)
    lbu      t6, \o+12(t0)
    lhu      a6, \o+2(t1)
    lhu      a7, \o+6(t1)
    lhu      t5, \o+10(t1)
    lhu      ra, \o+14(t1)
    scale_column a6, s0, s4, s8, a6
    scale_column a7, s1, s5, s9, a7
    scale_column t5, s2, s6, s10, t5
    scale_column ra, s3, s7, s11, t6
.endm

.macro step o
    flw      f0, \o(t0)
    flw      f1, \o+4(t0)
    flw      f2, \o+8(t0)
    flw      f3, \o+12(t0)
    flw      f4, \o(t1)
    flw      f5, \o+4(t1)
    flw      f6, \o+8(t1)
    flw      f7, \o+12(t1)
    mac      f10, f0, f4, s0
    mac      f11, f0, f5, s1
    mac      f12, f0, f6, s2
    mac      f13, f0, f7, s3
    mac      f14, f1, f4, s4
    mac      f15, f1, f5, s5
    mac      f16, f1, f6, s6
    mac      f17, f1, f7, s7
    mac      f28, f2, f4, s8
    mac      f29, f2, f5, s9
    mac      f30, f2, f6, s10
    mac      f31, f2, f7, s11
    mac      f18, f3, f4, a6
    mac      f19, f3, f5, a7
    mac      f20, f3, f6, t5
    mac      f21, f3, f7, t6
.endm

.macro clear_row c0, c1, c2, c3
    fmv.w.x  \c0, zero
    fmv.w.x  \c1, zero
    fmv.w.x  \c2, zero
    fmv.w.x  \c3, zero
.endm

# The tiles from t2 to a1.
.macro tiles
.Ltile:
    clear_row f10, f11, f12, f13
    clear_row f14, f15, f16, f17
    clear_row f28, f29, f30, f31
    clear_row f18, f19, f20, f21
    jr       a4
.Lgroup:
    group
    addi     t0, t0, UNROLL * BLOCK_BYTES
    addi     t1, t1, UNROLL * BLOCK_BYTES
    bltu     t0, t3, .Lgroup
    bne      t0, t4, .Lrest
    finish
    sub      t0, t0, a2
    sub      t1, t1, a0
    bgeu     t2, a5, .Lpart
    add      s0, t2, a3
    add      s1, s0, a3
    add      s2, s1, a3
    store_tile t2, s0, s1, s2
    addi     t2, t2, 16
    bltu     t2, a1, .Ltile
.endm

.macro park
.endm

.macro unpark
.endm

# What is left of K behind its whole blocks.
.macro rest
.Lrest:
    .if      SCALED
    scales   0
    .endif
    lw       ra, REST_BIAS(sp)
    sub      t0, t0, ra
    sub      t1, t1, ra
    lw       ra, REST(sp)
    jr       ra
.endm
