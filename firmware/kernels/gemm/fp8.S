# C = A * B, E5M2 in, FP16 out, with `vfdotpex.h.b`. Contract in gemm.h.
.set ALT, 0
.set WORD, 4
.include "bytes.S"

    .text
    .globl   gemm_fp8
    .type    gemm_fp8, @function
gemm_fp8:
    csrwi    0x800, 0
    gemm_tiles
    .size    gemm_fp8, . - gemm_fp8
