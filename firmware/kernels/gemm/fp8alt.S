# C = A * B, FP8alt (IEEE-style E4M3) in, FP16 out, with `vfdotpex.h.b`. Contract in gemm.h.
.set ALT, 1
.set WORD, 4
.include "bytes.S"

    .text
    .globl   gemm_fp8alt
    .type    gemm_fp8alt, @function
gemm_fp8alt:
    csrwi    0x800, 2
    gemm_tiles
    .size    gemm_fp8alt, . - gemm_fp8alt
