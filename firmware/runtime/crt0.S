# Start of a C program. The loader has put argc, argv and envp on the stack, as Linux, qemu-riscv32
# and rvx do. With -DHTIF the program runs on the bare machine, in machine mode, with a stack of its
# own and calls through `tohost`, as Spike and riscv-tests have them.
    .section .text.init, "ax", @progbits
    .globl   _start
    .type    _start, @function
_start:
    .option  push
    .option  norelax
    la       gp, __global_pointer$
    .option  pop
#ifdef HTIF
    la       sp, __stack_top
    addi     sp, sp, -16             # argc, argv and envp of nothing
    sw       zero, 0(sp)
    sw       zero, 4(sp)
    sw       zero, 8(sp)
#ifdef __riscv_flen
    li       t0, 0x6000              # mstatus.FS
    csrs     mstatus, t0
    fscsr    zero
#endif
    la       t0, __bss_start
    la       t1, __bss_end
    bgeu     t0, t1, .Lmain
.Lclear:
    sw       zero, 0(t0)
    addi     t0, t0, 4
    bltu     t0, t1, .Lclear
.Lmain:
#endif
    mv       a0, sp
    andi     sp, sp, -16
    tail     __start_main
    .size    _start, . - _start
