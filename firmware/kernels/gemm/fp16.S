# C = A * B, 16-bit floats in, fp32 out, with `vfdotpex.s.h`, in the tiles of the baseline. Contract
# in gemm.h. `gemm_fp16` takes fp16; `gemm_bf16` takes bfloat16. They differ in what they write to
# the format-select CSR, 0x800: bit 1 is the format of sources.
#
# A step takes two elements of each row: the same 8 loads and 16 instructions as the baseline's,
# with twice its products. An element is one fp32 sum, from +0, rounded once every two terms.
#
# Cycles of a 4x4 tile, K a multiple of 32, steps = K / 2 (cv32e40p; elsewhere one an instruction):
#   open 18 + 24 steps + 11 (steps / 16 - 1) + 14 + store 20 = 12.3 K + 41; per MAC 0.77 + 2.6 / K
.include "singles.S"

.macro steps
    addi     a2, a2, 1
    srli     a2, a2, 1
.endm

.macro columns
    slli     s11, a1, 2
    mv       s0, s11
    andi     s10, s11, -16
.endm

.macro mac c, a, b
    vfdotpex.s.h \c, \a, \b
.endm

.macro mac0 c, a, b
    vfdotpex.s.h \c, \a, \b
.endm

.macro open44
    clear44
    jr       t6
.endm

.macro apart44
.endm

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
