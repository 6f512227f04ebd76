# Start of a program on the bare machine: registers, FPU and memory as C wants them, then `main`,
# whose result is the exit status of the host call `exit`.
    .equ     STACK_BYTES, 16384
    .equ     MSTATUS_FS, 0x6000
    .equ     SYSTEM_EXIT, 93

    .section .text.init, "ax", @progbits
    .globl   _start
    .type    _start, @function
_start:
    .option  push
    .option  norelax
    la       gp, __global_pointer$
    .option  pop
    la       sp, stack + STACK_BYTES
    li       t0, MSTATUS_FS
    csrs     mstatus, t0

# The linker puts .stack behind .bss, so zeros end where the stack starts.
    la       t0, __bss_start
    la       t1, stack
    bgeu     t0, t1, .Lmain
.Lclear:
    sw       zero, 0(t0)
    addi     t0, t0, 4
    bltu     t0, t1, .Lclear
.Lmain:
    call     main
    li       a7, SYSTEM_EXIT
    ecall
    .size    _start, . - _start

    .section .stack, "aw", @nobits
    .balign  16
stack:
    .space   STACK_BYTES
