# The dot-product order of GEMM: one element of C at a time, its sum kept in one accumulator. The
# order that a single quire forces; the comparison in float; and the 1x1 corner of tile.S.
#
# The loop is one word of A and one of B a step, sixteen steps a block. The words of a step are
# multiplied in the next one, so that no load is followed by its use; the two pairs of registers
# alternate. A count of steps that is no multiple of sixteen enters the first block at step
# e = -steps % 16, with pointers moved back by e words (the bias) and a pair of zeros to multiply.
#
#   t0  row of A, biased        t3  bias, e words            a0  rows left
#   t1  row of B, biased        t4  from the first block     a2  row pitch of A and B, bytes
#   t2  element of C                of a row to the last     a3  next row of A (tile.S)
#   a6  end of the row of C     t5  from there to the next   a4  B, biased
#   a7  t0 in the last block        row of B                 a1  row of C, bytes (gemm_dot)
#                               t6  entry of a first block
#
# Cycles of an element, one a cycle but for jumps (2), taken branches (3), on `cv32e40p`, steps a
# multiple of 16:   3 steps + 5 (steps / 16 - 1) + 9 + clear + store
#
# A variant defines WORD, the bytes of a word, and over its registers:
#   dot_load r, o, p    r = word at p + o          dot_clear   accumulator = 0
#   dot_mac x, y        accumulator += x * y       dot_empty   both pairs = 0
#   dot_store           store the accumulator at t2, advance t2

# Two steps: loads into the first pair while the second is multiplied, then the reverse.
.macro dot_steps o, x0, y0, x1, y1
    dot_load \x0, \o, t0
    dot_load \y0, \o, t1
    dot_mac  \x1, \y1
    dot_load \x1, \o+WORD, t0
    dot_load \y1, \o+WORD, t1
    dot_mac  \x0, \y0
.endm

# The elements of C from t2 to a6, with the row of A at t0 and the rows of B from t1.
.macro dot_row x0, y0, x1, y1
.Ldot:
    dot_clear
    bnez     t3, .Ldot_enter
    dot_load \x0, 0, t0
    dot_load \y0, 0, t1
.Ldot_steps:
    dot_load \x1, WORD, t0
    dot_load \y1, WORD, t1
    dot_mac  \x0, \y0
    dot_steps 2*WORD, \x0, \y0, \x1, \y1
    dot_steps 4*WORD, \x0, \y0, \x1, \y1
    dot_steps 6*WORD, \x0, \y0, \x1, \y1
    dot_steps 8*WORD, \x0, \y0, \x1, \y1
    dot_steps 10*WORD, \x0, \y0, \x1, \y1
    dot_steps 12*WORD, \x0, \y0, \x1, \y1
    dot_steps 14*WORD, \x0, \y0, \x1, \y1
    beq      t0, a7, .Ldot_done
    addi     t0, t0, 16*WORD
    addi     t1, t1, 16*WORD
    dot_load \x0, 0, t0
    dot_load \y0, 0, t1
    dot_mac  \x1, \y1
    j        .Ldot_steps
.Ldot_enter:
    dot_empty
    jalr     zero, -12(t6)
.Ldot_done:
    dot_mac  \x1, \y1
    sub      t0, t0, t4
    add      t1, t1, t5
    dot_store
    bltu     t2, a6, .Ldot
.endm

# Sets t6: where a row of dot_row that starts at step e enters, and three instructions.
.macro dot_entry
    la       a6, .Ldot_steps
    slli     t6, t3, 1
    add      t6, t6, t3
    .if      WORD == 8
    srli     t6, t6, 1
    .endif
    add      t6, t6, a6
.endm

# The whole kernel, for words of four bytes in A and B. Uses no register that a caller keeps. A
# variant that has no other order also defines LANES, the elements of A and B in a word, and RESULT,
# the bytes of an element of C.
.macro gemm_dot x0, y0, x1, y1
    slli     a1, a1, RESULT / 2
    .if      LANES > 1
    addi     a2, a2, LANES - 1
    srli     a2, a2, LANES / 2
    .endif
    neg      t3, a2
    andi     t3, t3, 15
    slli     t3, t3, 2
    slli     a2, a2, 2
    add      t4, a2, t3
    addi     t4, t4, -64
    sub      t5, a2, t4
    dot_entry
    sub      t0, a3, t3
    sub      a4, a4, t3
    mv       t2, a5
.Lrow:
    mv       t1, a4
    add      a6, t2, a1
    add      a7, t0, t4
    dot_row  \x0, \y0, \x1, \y1
    .if      RESULT < 4
    addi     t2, t2, 3
    andi     t2, t2, -4
    .endif
    add      t0, t0, a2
    addi     a0, a0, -1
    bnez     a0, .Lrow
    ret
.endm
