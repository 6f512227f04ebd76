# GEMM of operands in panels, as numbers/panels.h packs them: four rows side by side, word by word
# along k, every block of words behind one scale word for each row. C is computed in 4x4 tiles, each
# summed in sixteen registers over the whole of K and stored once. Panels are whole: rows that A or B
# lack are zeros, and a tile that reaches over an edge of C is copied in part.
#
# A step takes four words of A and four of B, 8 loads and 16 multiply-adds, as in tile.S, but one
# pointer moves over each. A block starts with 8 loads of scales, A's to bits 7:0 and B's to 15:8,
# and their 16 sums, which the multiply-adds of the block take. UNROLL blocks are unrolled. A count
# of blocks that is no multiple of it enters the first group in the middle, with pointers moved back
# (the bias); the rest of K, a block of fewer words, enters the last block of a group so.
#
#   A panel  t0 biased  f0-f3      t3  end of its whole blocks    a0  bias, bytes
#   B panel  t1 biased  f4-f7      t4  its end                    a1  end of the tiles in C's row
#   C tile   t2                    a2  panel and bias, bytes      a3  row pitch of C
#            f10 f11 f12 f13       a4  entry of the first group   a5  end of whole tiles in C's row
#            f14 f15 f16 f17       ra  a scale of B; scratch
#            f28 f29 f30 f31       scales: s0-s3, s4-s7, s8-s11, a6 a7 t5 t6 of the rows of a tile
#            f18 f19 f20 f21
#
# Cycles of a 4x4 tile, one a cycle but for jumps (2), taken branches (3), on `cv32e40p`:
#   24 (words + scaled blocks) + 5 (groups - 1) + 48 + finish
#
# A variant defines LOG_WORDS of a block, SCALED (1: blocks have scales), UNROLL, a power of two, and
#   words               a2 = words in a row of k = a2 elements
#   mac c, a, b, s      c += a * b * both scales in s
#   prepare             before anything else: A in a3, B in a4; moves both to the first panel
#   finish              what becomes of the sums, f10 to f21, before they are stored
.equ WORDS, 1 << LOG_WORDS
.equ BLOCK_BYTES, 16 * (SCALED + WORDS)
.equ BLOCK_CODE, 96 * (SCALED + WORDS)
.equ LEFT, 72                      # rows of C
.equ PANEL, 76                     # of A
.equ PITCH, 80                     # of panels
.equ FIRST, 84                     # panel of B
.equ ROW, 88                       # of C
.equ REST_BIAS, 92
.equ REST, 96                      # entry
.equ WHOLE, 100                    # blocks of a panel, bytes
.equ TILE, 104                     # copied in part
.equ FRAME, 176

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

# The block at the symbol `at`, which moves behind it.
.macro block
    .if      SCALED
    scales   at
    .set     at, at + 16
    .endif
    .rept    WORDS
    step     at
    .set     at, at + 16
    .endr
.endm

.macro clear_row c0, c1, c2, c3
    fmv.w.x  \c0, zero
    fmv.w.x  \c1, zero
    fmv.w.x  \c2, zero
    fmv.w.x  \c3, zero
.endm

.macro store_row p, c0, c1, c2, c3
    fsw      \c0, 0(\p)
    fsw      \c1, 4(\p)
    fsw      \c2, 8(\p)
    fsw      \c3, 12(\p)
.endm

.macro store_tile r0, r1, r2, r3
    store_row \r0, f10, f11, f12, f13
    store_row \r1, f14, f15, f16, f17
    store_row \r2, f28, f29, f30, f31
    store_row \r3, f18, f19, f20, f21
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
    .set     at, 0
    .rept    UNROLL
    block
    .endr
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

# A tile of which C does not have all rows, or all columns: by way of the stack.
.macro part
.Lpart:
    addi     s0, sp, TILE
    addi     s1, s0, 16
    addi     s2, s1, 16
    addi     s3, s2, 16
    store_tile s0, s1, s2, s3
    lw       s4, LEFT(sp)
    lw       s5, ROW(sp)
    add      s5, s5, a3
    sub      s5, s5, t2
    li       s6, 4
    bltu     s4, s6, .Lpart_columns
    mv       s4, s6
.Lpart_columns:
    li       s6, 16
    bltu     s5, s6, .Lpart_rows
    mv       s5, s6
.Lpart_rows:
    mv       s6, t2
    addi     t2, t2, 16
.Lpart_row:
    add      s7, s6, s5
    mv       s8, s6
    mv       s9, s0
.Lpart_element:
    lw       s10, 0(s9)
    addi     s9, s9, 4
    sw       s10, 0(s8)
    addi     s8, s8, 4
    bltu     s8, s7, .Lpart_element
    addi     s0, s0, 16
    add      s6, s6, a3
    addi     s4, s4, -1
    bnez     s4, .Lpart_row
    bgeu     t2, a1, .Lpart_end
    j        .Ltile
.Lpart_end:
    j        .Lpanel_end
.endm

.macro saved op, float
    \op      ra, 0(sp)
    \op      s0, 4(sp)
    \op      s1, 8(sp)
    \op      s2, 12(sp)
    \op      s3, 16(sp)
    \op      s4, 20(sp)
    \op      s5, 24(sp)
    \op      s6, 28(sp)
    \op      s7, 32(sp)
    \op      s8, 36(sp)
    \op      s9, 40(sp)
    \op      s10, 44(sp)
    \op      s11, 48(sp)
    \float   f18, 52(sp)
    \float   f19, 56(sp)
    \float   f20, 60(sp)
    \float   f21, 64(sp)
    \float   f22, 68(sp)
.endm

# From m, n, k and the operands in a0 to a5: how K is cut into groups of blocks and a rest.
.macro measures
    words
    srli     t0, a2, LOG_WORDS
    andi     t1, a2, WORDS - 1
    li       t2, BLOCK_BYTES
    mul      t3, t0, t2
    sw       t3, WHOLE(sp)
    slli     t4, t1, 4
    beqz     t1, .Lpitch
    addi     t4, t4, 16 * SCALED
.Lpitch:
    add      a2, t3, t4
    sw       a2, PITCH(sp)
    li       t3, WORDS
    sub      t1, t3, t1
    slli     t3, t1, 4
    addi     t3, t3, (UNROLL - 1) * BLOCK_BYTES
    sw       t3, REST_BIAS(sp)
    li       t6, 96
    mul      t1, t1, t6
    la       a4, .Lgroup
    li       t6, (UNROLL - 1) * BLOCK_CODE + 96 * SCALED
    add      t1, t1, t6
    add      t1, t1, a4
    sw       t1, REST(sp)
    neg      t5, t0
    andi     t5, t5, UNROLL - 1
    mul      a0, t5, t2
    li       t6, BLOCK_CODE
    mul      t5, t5, t6
    add      a4, a4, t5
    add      a2, a2, a0
    bnez     t0, .Lpanel
    la       a4, .Lrest
.endm

# The whole kernel.
.macro gemm_panels
    addi     sp, sp, -FRAME
    saved    sw, fsw
    prepare
    sw       a0, LEFT(sp)
    sw       a3, PANEL(sp)
    sw       a4, FIRST(sp)
    sw       a5, ROW(sp)
    slli     a3, a1, 2
    measures
.Lpanel:
    lw       t0, PANEL(sp)
    lw       t3, WHOLE(sp)
    lw       t4, PITCH(sp)
    lw       t1, FIRST(sp)
    lw       t2, ROW(sp)
    add      t3, t0, t3
    add      t4, t0, t4
    sub      t0, t0, a0
    sub      t1, t1, a0
    addi     a1, a3, 15
    andi     a1, a1, -16
    add      a1, a1, t2
    lw       s0, LEFT(sp)
    li       a5, 0
    sltiu    s0, s0, 4
    bnez     s0, .Ltile
    andi     a5, a3, -16
    add      a5, a5, t2
    tiles
.Lpanel_end:
    lw       s0, LEFT(sp)
    lw       s1, PANEL(sp)
    lw       s2, PITCH(sp)
    lw       s3, ROW(sp)
    addi     s0, s0, -4
    add      s1, s1, s2
    slli     s4, a3, 2
    add      s3, s3, s4
    sw       s0, LEFT(sp)
    sw       s1, PANEL(sp)
    sw       s3, ROW(sp)
    blez     s0, .Lend
    j        .Lpanel
.Lend:
    saved    lw, flw
    addi     sp, sp, FRAME
    ret
    rest
    part
.endm
