# Start of a guest and what it calls. By default for a machine that answers ecall as Linux and
# newlib number calls (rvx, qemu-riscv32, unicorn with a few lines around it). With -DBARE for
# Spike without a kernel: machine mode, FPU off at reset, calls through HTIF's `tohost`.
    .section .text.init, "ax", @progbits
    .globl   _start
    .type    _start, @function
_start:
    .option  push
    .option  norelax
    la       gp, __global_pointer$
    .option  pop
    la       sp, stack_top
#ifdef BARE
    li       t0, 0x6000              # mstatus.FS
    csrs     mstatus, t0
    csrw     fcsr, zero
#endif
    la       t0, __bss_start
    la       t1, __bss_end
    bgeu     t0, t1, .Lmain
.Lclear:
    sw       zero, 0(t0)
    addi     t0, t0, 4
    bltu     t0, t1, .Lclear
.Lmain:
    call     main
#ifdef BARE
    slli     a0, a0, 1
    ori      a0, a0, 1
    la       t0, tohost
.Lend:
    sw       zero, 4(t0)
    sw       a0, 0(t0)
    j        .Lend
#else
    li       a7, 93                  # exit
    ecall
#endif
    .size    _start, . - _start

# void host_write(const void *bytes, uint32_t count)
    .text
    .globl   host_write
    .type    host_write, @function
host_write:
#ifdef BARE
    la       t0, call
    la       t1, tohost
    la       t2, fromhost
    sw       a0, 16(t0)
    sw       a1, 24(t0)
    fence
    sw       zero, 4(t1)
    sw       t0, 0(t1)
.Lwait:
    lw       a0, 0(t2)
    beqz     a0, .Lwait
    sw       zero, 0(t2)
#else
    mv       a2, a1
    mv       a1, a0
    li       a0, 1                   # standard output
    li       a7, 64                  # write
    ecall
#endif
    ret
    .size    host_write, . - host_write

#ifdef BARE
    .section .tohost, "aw", @progbits
    .balign  64
    .globl   tohost
tohost:
    .dword   0
    .balign  64
    .globl   fromhost
fromhost:
    .dword   0
    .balign  64
call:
    .dword   64, 1, 0, 0, 0, 0, 0, 0 # write(1, bytes, count)
#endif
