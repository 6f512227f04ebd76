# GEMM of operands in panels, as numbers/panels.h packs them: four rows side by side, word by word
# along k, every block of words behind one scale word for each row. What this file has is everything
# around a tile; panel.S has the tiles of floating-point sums, integers.S those of integers.
#
# Panels are whole: rows that A or B lack are zeros, and a tile that reaches over an edge of C is
# copied in part. UNROLL blocks are unrolled. A count of blocks that is no multiple of it enters the
# first group in the middle, with pointers moved back (the bias); the rest of K, a block of fewer
# words, enters the last block of a group so.
#
#   t0  panel of A, biased     a0  bias, bytes                a3  row pitch of C
#   t1  panel of B, biased     a1  end of the tiles in C's row     a4  entry of the first group
#   t2  tile of C              a2  panel and bias, bytes      a5  end of whole tiles in C's row
#   t3  end of whole blocks of the panel of A                 t4  end of that panel
#
# A variant defines LOG_WORDS of a block, SCALED (1: blocks have scales), UNROLL, a power of two, and
#   words               a2 = words in a row of k = a2 elements
#   prepare             before anything else: A in a3, B in a4; moves both to the first panel
# and the shape of a tile ROWS, 4 or 2, of A, and 4 of B, with
#   park                puts the registers above where `tiles` wants them; unpark, a4 back
#   tiles               .Ltile to the tiles' end: those from t2 to a1; .Lgroup, UNROLL blocks
#   rest                .Lrest: what is left of K behind its whole blocks
# and has the sums in f10 to f17, of four rows also in f28 to f31 and f18 to f21, when it stores them
# (`store_tile`); a1 and a3 are as above.
.include "kernel.S"

.equ WORDS, 1 << LOG_WORDS
.equ BLOCK_BYTES, 16 * (SCALED + WORDS)
.equ STEP_CODE, 4 * (ROWS + 4 + 4 * ROWS)       # a step's, and as many bytes for scales
.equ BLOCK_CODE, STEP_CODE * (SCALED + WORDS)
.equ LEFT, 72                      # rows of C
.equ PANEL, 76                     # of A
.equ PITCH, 80                     # of panels
.equ FIRST, 84                     # panel of B
.equ ROW, 88                       # of C
.equ REST_BIAS, 92
.equ REST, 96                      # entry
.equ WHOLE, 100                    # blocks of a panel, bytes
.equ HALF, 104                     # of a panel, where tiles have two rows
.equ TILE, 108                     # copied in part
.equ FRAME, 176

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

.macro group
    .set     at, 0
    .rept    UNROLL
    block
    .endr
.endm

# A tile of sums, each row at one of the pointers.
.macro store_row p, c0, c1, c2, c3
    fsw      \c0, 0(\p)
    fsw      \c1, 4(\p)
    fsw      \c2, 8(\p)
    fsw      \c3, 12(\p)
.endm

.macro store_tile r0, r1, r2, r3
    store_row \r0, f10, f11, f12, f13
    store_row \r1, f14, f15, f16, f17
    .if      ROWS == 4
    store_row \r2, f28, f29, f30, f31
    store_row \r3, f18, f19, f20, f21
    .endif
.endm

# Four words a row, at TILE(sp).
.macro spill
    addi     s0, sp, TILE
    addi     s1, s0, 16
    addi     s2, s1, 16
    addi     s3, s2, 16
    store_tile s0, s1, s2, s3
.endm

# A tile of which C does not have all rows, or all columns: by way of the stack.
.macro part
.Lpart:
    spill
    addi     s0, sp, TILE
    lw       s4, LEFT(sp)
    lw       s5, ROW(sp)
    add      s5, s5, a3
    sub      s5, s5, t2
    li       s6, ROWS
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
    li       t6, STEP_CODE
    mul      t1, t1, t6
    la       a4, .Lgroup
    li       t6, (UNROLL - 1) * BLOCK_CODE + STEP_CODE * SCALED
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
    sw       zero, HALF(sp)
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
    sltiu    s0, s0, ROWS
    bnez     s0, .Ltiles
    andi     a5, a3, -16
    add      a5, a5, t2
.Ltiles:
    park
    tiles
.Lpanel_end:
    unpark
    lw       s0, LEFT(sp)
    lw       s1, PANEL(sp)
    lw       s2, PITCH(sp)
    lw       s3, ROW(sp)
    addi     s0, s0, -ROWS
    slli     s4, a3, ROWS / 2
    add      s3, s3, s4
    .if      ROWS == 4
    add      s1, s1, s2
    .else
    lw       s5, HALF(sp)
    addi     s1, s1, 8
    xori     s6, s5, 1
    sw       s6, HALF(sp)
    beqz     s5, .Lsame_panel
    addi     s1, s1, -16
    add      s1, s1, s2
.Lsame_panel:
    .endif
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
