# C = A * B, 16-bit floats in, fp32 out, with `vfdotpex.s.h`. Contract in gemm.h.
.set WORD, 4
.include "halves.S"

    .text
    .globl   gemm_bf16
    .type    gemm_bf16, @function
gemm_bf16:
    csrwi    0x800, 2
    j        .Lgemm
    .globl   gemm_fp16
    .type    gemm_fp16, @function
gemm_fp16:
    csrwi    0x800, 0
.Lgemm:
    gemm_tiles
    .size    gemm_bf16, . - gemm_bf16
    .size    gemm_fp16, . - gemm_fp16
