# The products of training in four bits (gradients are powers of four, by phase), by the kinds of
# matrices that their headers say
# (numbers/four_bits.h): 0 integers, 1 unsigned integers, 2 and 3 gradients. Contract in gemm.h.
    .text
    .globl   gemm_ibm4
    .type    gemm_ibm4, @function
gemm_ibm4:
    lw       t0, 4(a3)
    bnez     t0, .Lunsigned
    tail     gemm_int4
.Lunsigned:
    tail     gemm_int4_unsigned
    .size    gemm_ibm4, . - gemm_ibm4

    .globl   gemm_gradient_ibm4
    .type    gemm_gradient_ibm4, @function
gemm_gradient_ibm4:
    lw       t0, 4(a3)
    lw       t1, 4(a4)
    sltiu    t2, t0, 2
    bnez     t2, .Lsecond
    andi     t0, t0, 1
    csrw     r4phase, t0
    bnez     t1, .Lfirst_unsigned
    tail     gemm_r4_i4
.Lfirst_unsigned:
    tail     gemm_r4_u4
.Lsecond:
    andi     t1, t1, 1
    csrw     r4phase, t1
    bnez     t0, .Lsecond_unsigned
    tail     gemm_i4_r4
.Lsecond_unsigned:
    tail     gemm_u4_r4
    .size    gemm_gradient_ibm4, . - gemm_gradient_ibm4
