# The blocked order of GEMM: C in 4x4 tiles, each summed in sixteen registers over the whole of K
# and stored once. M % 4 rows and N % 4 columns are left over for 1x4, 4x1 and 1x1 tiles.
#
# A step takes one word from each row of A and of B in the tile: for a 4x4 tile 8 loads and 16
# multiply-adds, in an order that uses no word right after its load. Sixteen steps make a block, with
# constant offsets; between blocks the eight pointers move on. A count of steps that is no
# multiple of sixteen enters the first block at step e = -steps % 16, with pointers moved back by
# e words (the bias), so there is no second loop for the rest.
#
#   A rows  t0 s1 s2 s3  biased  f0-f3   t3  bias, e words           a0  rows left
#   B rows  t1 s4 s5 s6  biased  f4-f7   t4  from the first block    a2  row pitch of A and B, bytes
#   C rows  t2 s7 s8 s9                      of a row to the last    a3  next row of A
#   C tile  f10 f11 f12 f13              t5  from there to the next  a4  B, biased
#           f14 f15 f16 f17                  tile's row of B         a5  next row of C
#           f28 f29 f30 f31              t6  entry of a first block  a6  end of the tiles in C's row
#           f18 f19 f20 f21                                          a7  t0 in the last block
#   a1, ra and f22 are the variant's     s0  row pitch of C          s11 row of C, bytes
#                                        s10 the same in whole tiles, bytes
#
# Cycles of a 4x4 tile, one a cycle but for jumps (2), taken branches (3), on `cv32e40p`, steps a
# multiple of 16:   24 steps + 11 (steps / 16 - 1) + 14 + open44 + store44
#
# A variant defines WORD, the bytes of a word (4, or 8 where registers have as many), and, besides
# what dot.S wants (in f0 f4, f1 f5 and f10):
#   load_word r, o, p   r = word at p + o          store_word r, o, p  the reverse
#   steps               a2 = steps (words in a row)   columns     s11, s0, s10 from a1, and a1, f22
#   mac c, a, b         c += a * b                    mac0 c, a, b    the same in the first step
#   open44              clear the tile; go to step e  apart44         code that open44 jumps to
#   store44 .. store14  store the tile, advance the rows of C concerned
.include "dot.S"
.include "kernel.S"

.macro load_a o
    load_word f0, \o, t0
    load_word f1, \o, s1
    load_word f2, \o, s2
    load_word f3, \o, s3
.endm

.macro load_b o
    load_word f4, \o, t1
    load_word f5, \o, s4
    load_word f6, \o, s5
    load_word f7, \o, s6
.endm

.macro step44 o, mac
    load_a   \o
    load_b   \o
    \mac     f10, f0, f4
    \mac     f11, f0, f5
    \mac     f12, f0, f6
    \mac     f13, f0, f7
    \mac     f14, f1, f4
    \mac     f15, f1, f5
    \mac     f16, f1, f6
    \mac     f17, f1, f7
    \mac     f28, f2, f4
    \mac     f29, f2, f5
    \mac     f30, f2, f6
    \mac     f31, f2, f7
    \mac     f18, f3, f4
    \mac     f19, f3, f5
    \mac     f20, f3, f6
    \mac     f21, f3, f7
.endm

.macro step41 o, mac
    load_word f4, \o, t1
    load_a   \o
    \mac     f10, f0, f4
    \mac     f14, f1, f4
    \mac     f28, f2, f4
    \mac     f18, f3, f4
.endm

.macro step14 o, mac
    load_word f0, \o, t0
    load_b   \o
    \mac     f10, f0, f4
    \mac     f11, f0, f5
    \mac     f12, f0, f6
    \mac     f13, f0, f7
.endm

# Steps 1 to 15 of a block.
.macro steps15 step
    \step    1*WORD, mac
    \step    2*WORD, mac
    \step    3*WORD, mac
    \step    4*WORD, mac
    \step    5*WORD, mac
    \step    6*WORD, mac
    \step    7*WORD, mac
    \step    8*WORD, mac
    \step    9*WORD, mac
    \step    10*WORD, mac
    \step    11*WORD, mac
    \step    12*WORD, mac
    \step    13*WORD, mac
    \step    14*WORD, mac
    \step    15*WORD, mac
.endm

# Add a register, or a constant, to the pointers into A, or B.
.macro move_a op, by
    \op      t0, t0, \by
    \op      s1, s1, \by
    \op      s2, s2, \by
    \op      s3, s3, \by
.endm

.macro move_b op, by
    \op      t1, t1, \by
    \op      s4, s4, \by
    \op      s5, s5, \by
    \op      s6, s6, \by
.endm

.macro clear_word r
    .if      WORD == 8
    fcvt.d.w \r, zero
    .else
    fmv.w.x  \r, zero
    .endif
.endm

.macro clear_row c0, c1, c2, c3
    clear_word \c0
    clear_word \c1
    clear_word \c2
    clear_word \c3
.endm

.macro clear44
    clear_row f10, f11, f12, f13
    clear_row f14, f15, f16, f17
    clear_row f28, f29, f30, f31
    clear_row f18, f19, f20, f21
.endm

.macro dot_load r, o, p
    load_word \r, \o, \p
.endm

.macro dot_mac x, y
    mac      f10, \x, \y
.endm

.macro dot_clear
    clear_word f10
.endm

.macro dot_empty
    clear_row f0, f4, f1, f5
.endm

# Sets t6 for tiles whose first block starts at a label and whose step has so many instructions.
.macro entry label, instructions
    la       a6, \label
    li       t6, \instructions
    mul      t6, t6, t3
    .if      WORD == 8
    srli     t6, t6, 1
    .endif
    add      t6, t6, a6
.endm

# The tiles of four rows and four columns from t2 to a6.
.macro tiles44
.Ltile44:
    open44
.Lfirst44:
    step44   0, mac0
.Lsteps44:
    steps15  step44
    beq      t0, a7, .Ldone44
    move_a   addi, 16*WORD
    move_b   addi, 16*WORD
    step44   0, mac
    j        .Lsteps44
.Ldone44:
    move_a   sub, t4
    move_b   add, t5
    store44
    bltu     t2, a6, .Ltile44
.endm

# Of four rows and one column.
.macro tiles41
.Ltile41:
    clear_row f10, f14, f28, f18
    jr       t6
.Lfirst41:
    step41   0, mac
    steps15  step41
    beq      t0, a7, .Ldone41
    move_a   addi, 16*WORD
    addi     t1, t1, 16*WORD
    j        .Lfirst41
.Ldone41:
    move_a   sub, t4
    add      t1, t1, t5
    store41
    bltu     t2, a6, .Ltile41
.endm

# Of one row and four columns.
.macro tiles14
.Ltile14:
    clear_row f10, f11, f12, f13
    jr       t6
.Lfirst14:
    step14   0, mac
    steps15  step14
    beq      t0, a7, .Ldone14
    addi     t0, t0, 16*WORD
    move_b   addi, 16*WORD
    j        .Lfirst14
.Ldone14:
    sub      t0, t0, t4
    move_b   add, t5
    store14
    bltu     t2, a6, .Ltile14
.endm

# Pointers to the first four rows of B.
.macro rows_b
    mv       t1, a4
    add      s4, t1, a2
    add      s5, s4, a2
    add      s6, s5, a2
.endm

.macro save
    addi     sp, sp, -(64+4*WORD)
    sw       ra, 0(sp)
    sw       s0, 4(sp)
    sw       s1, 8(sp)
    sw       s2, 12(sp)
    sw       s3, 16(sp)
    sw       s4, 20(sp)
    sw       s5, 24(sp)
    sw       s6, 28(sp)
    sw       s7, 32(sp)
    sw       s8, 36(sp)
    sw       s9, 40(sp)
    sw       s10, 44(sp)
    sw       s11, 48(sp)
    store_word f18, 56+0*WORD, sp
    store_word f19, 56+1*WORD, sp
    store_word f20, 56+2*WORD, sp
    store_word f21, 56+3*WORD, sp
    store_word f22, 56+4*WORD, sp
.endm

.macro restore
    lw       ra, 0(sp)
    lw       s0, 4(sp)
    lw       s1, 8(sp)
    lw       s2, 12(sp)
    lw       s3, 16(sp)
    lw       s4, 20(sp)
    lw       s5, 24(sp)
    lw       s6, 28(sp)
    lw       s7, 32(sp)
    lw       s8, 36(sp)
    lw       s9, 40(sp)
    lw       s10, 44(sp)
    lw       s11, 48(sp)
    load_word f18, 56+0*WORD, sp
    load_word f19, 56+1*WORD, sp
    load_word f20, 56+2*WORD, sp
    load_word f21, 56+3*WORD, sp
    load_word f22, 56+4*WORD, sp
    addi     sp, sp, 64+4*WORD
.endm

# The whole kernel.
.macro gemm_tiles
    save
    steps
    columns
    neg      t3, a2
    andi     t3, t3, 15
    slli     t3, t3, WORD / 8 + 2
    slli     a2, a2, WORD / 8 + 2
    add      t4, a2, t3
    addi     t4, t4, -16*WORD
    sub      a4, a4, t3
    sltiu    t5, a0, 4
    bnez     t5, .Lrows1

.Lrows4:
    sub      t0, a3, t3
    add      s1, t0, a2
    add      s2, s1, a2
    add      s3, s2, a2
    add      a3, s3, a2
    add      a3, a3, t3
    mv       t2, a5
    add      s7, t2, s0
    add      s8, s7, s0
    add      s9, s8, s0
    add      a7, t0, t4
    rows_b
    beqz     s10, .Lrest41
    entry    .Lfirst44, 24
    slli     t5, a2, 2
    sub      t5, t5, t4
    add      a6, t2, s10
    tiles44
.Lrest41:
    beq      s10, s11, .Lnext4
    entry    .Lfirst41, 9
    sub      t5, a2, t4
    add      a6, a5, s11
    tiles41
.Lnext4:
    slli     t5, s0, 2
    add      a5, a5, t5
    addi     a0, a0, -4
    sltiu    t5, a0, 4
    beqz     t5, .Lrows4

    beqz     a0, .Lend
.Lrows1:
    sub      t0, a3, t3
    add      a3, a3, a2
    mv       t2, a5
    add      a7, t0, t4
    rows_b
    beqz     s10, .Lrest11
    entry    .Lfirst14, 9
    slli     t5, a2, 2
    sub      t5, t5, t4
    add      a6, t2, s10
    tiles14
.Lrest11:
    beq      s10, s11, .Lnext1
    dot_entry
    sub      t5, a2, t4
    add      a6, a5, s11
    dot_row  f0, f4, f1, f5
.Lnext1:
    add      a5, a5, s0
    addi     a0, a0, -1
    bnez     a0, .Lrows1
.Lend:
    restore
    ret
    apart44
.endm
