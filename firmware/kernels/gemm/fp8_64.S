# C = A * B, E5M2 in, FP16 out, with `vfdotpex.h.b` at FLEN 64. Contract in gemm.h.
.set ALT, 0
.set WORD, 8
.include "bytes.S"

    .text
    .globl   gemm_fp8_64
    .type    gemm_fp8_64, @function
gemm_fp8_64:
    csrwi    0x800, 0
    gemm_tiles
    .size    gemm_fp8_64, . - gemm_fp8_64
