# long __system_call(long number, ...): up to six arguments.
    .text
    .globl   __system_call
    .type    __system_call, @function
__system_call:
#ifdef HTIF
    la       t0, call
    sw       a0, 0(t0)
    sw       a1, 8(t0)
    sw       a2, 16(t0)
    sw       a3, 24(t0)
    sw       a4, 32(t0)
    sw       a5, 40(t0)
    sw       a6, 48(t0)
    fence
    la       t1, tohost
    la       t2, fromhost
    sw       zero, 4(t1)
    sw       t0, 0(t1)
.Lwait:
    lw       t1, 0(t2)
    beqz     t1, .Lwait
    sw       zero, 0(t2)
    fence
    lw       a0, 0(t0)
#else
    mv       a7, a0
    mv       a0, a1
    mv       a1, a2
    mv       a2, a3
    mv       a3, a4
    mv       a4, a5
    mv       a5, a6
    ecall
#endif
    ret
    .size    __system_call, . - __system_call

#ifdef HTIF
# void __halt(int status): end the simulation.
    .globl   __halt
__halt:
    slli     a0, a0, 1
    ori      a0, a0, 1
    la       t0, tohost
.Lend:
    sw       zero, 4(t0)
    sw       a0, 0(t0)
    j        .Lend

    .section .tohost, "aw", @progbits
    .balign  64
    .globl   tohost
    .type    tohost, @object
    .size    tohost, 8
tohost:
    .dword   0
    .balign  64
    .globl   fromhost
    .type    fromhost, @object
    .size    fromhost, 8
fromhost:
    .dword   0
    .balign  64
call:
    .zero    64
#endif
