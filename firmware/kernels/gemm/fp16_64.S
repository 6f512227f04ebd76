# C = A * B, 16-bit floats in, fp32 out, with `vfdotpex.s.h` at FLEN 64. Contract in gemm.h.
.set WORD, 8
.include "halves.S"

    .text
    .globl   gemm_bf16_64
    .type    gemm_bf16_64, @function
gemm_bf16_64:
    csrwi    0x800, 2
    j        .Lgemm
    .globl   gemm_fp16_64
    .type    gemm_fp16_64, @function
gemm_fp16_64:
    csrwi    0x800, 0
.Lgemm:
    gemm_tiles
    .size    gemm_bf16_64, . - gemm_bf16_64
    .size    gemm_fp16_64, . - gemm_fp16_64
