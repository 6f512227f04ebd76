# C = A * B, FP8alt (IEEE-style E4M3) in, FP16 out, with `vfdotpex.h.b` at FLEN 64. Contract in gemm.h.
.set ALT, 1
.set WORD, 8
.include "bytes.S"

    .text
    .globl   gemm_fp8alt_64
    .type    gemm_fp8alt_64, @function
gemm_fp8alt_64:
    csrwi    0x800, 2
    gemm_tiles
    .size    gemm_fp8alt_64, . - gemm_fp8alt_64
