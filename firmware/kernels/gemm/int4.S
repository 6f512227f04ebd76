# C = A * B in INT4, both signed, with `vsqpart.n`. Contract in gemm.h.
.include "four_bits.S"
.include "integers.S"

.macro mac c, a, b
    vsqpart.n \c, \a, \b
.endm

    .text
    .globl   gemm_int4
    .type    gemm_int4, @function
gemm_int4:
    gemm_panels
    .size    gemm_int4, . - gemm_int4
