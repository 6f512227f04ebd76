# The program around a kernel: calls it once, between two marks.
#
# `bench_call` is the kernel's address and the eight words of a0 to a7. The cycles of the kernel are
# those from `rvx_begin` to `rvx_end`: its call, its instructions and its return.
    .text
    .globl   main
    .globl   rvx_begin
    .globl   rvx_end
main:
    addi     sp, sp, -16
    sw       ra, 12(sp)
    la       t1, bench_call
    lw       t0, 0(t1)
    lw       a0, 4(t1)
    lw       a1, 8(t1)
    lw       a2, 12(t1)
    lw       a3, 16(t1)
    lw       a4, 20(t1)
    lw       a5, 24(t1)
    lw       a6, 28(t1)
    lw       a7, 32(t1)
rvx_begin:
    jalr     t0
rvx_end:
    lw       ra, 12(sp)
    addi     sp, sp, 16
    li       a0, 0
    ret
