# The products of training in four bits (gradients are powers of two), by the kinds of
# matrices that their headers say
# (numbers/four_bits.h): 0 integers, 1 unsigned integers, 2 and 3 gradients. Contract in gemm.h.
    .text
    .globl   gemm_luq4
    .type    gemm_luq4, @function
gemm_luq4:
    lw       t0, 4(a3)
    bnez     t0, .Lunsigned
    tail     gemm_int4
.Lunsigned:
    tail     gemm_int4_unsigned
    .size    gemm_luq4, . - gemm_luq4

    .globl   gemm_gradient_luq4
    .type    gemm_gradient_luq4, @function
gemm_gradient_luq4:
    lw       t0, 4(a3)
    lw       t1, 4(a4)
    sltiu    t2, t0, 2
    bnez     t2, .Lsecond
    bnez     t1, .Lfirst_unsigned
    tail     gemm_r2_i4
.Lfirst_unsigned:
    tail     gemm_r2_u4
.Lsecond:
    bnez     t0, .Lsecond_unsigned
    tail     gemm_i4_r2
.Lsecond_unsigned:
    tail     gemm_u4_r2
    .size    gemm_gradient_luq4, . - gemm_gradient_luq4
