# Prints a character and a line through HTIF, then fails test 5 as riscv-tests do.
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    la   s0, tohost
    la   s1, fromhost
    li   t0, 'A'                # device 1, command 1; the low half first
    li   t1, 0x01010000
    sw   t0, 0(s0)
    sw   t1, 4(s0)
    la   t0, block              # write(1, line, 3)
    sw   t0, 0(s0)
    sw   zero, 4(s0)
1:  lw   t1, 0(s1)
    beqz t1, 1b
    lw   a0, 0(t0)              # 3, what write returned
    addi a0, a0, 2
    slli a0, a0, 1
    ori  a0, a0, 1
2:  sw   a0, 0(s0)              # the low half only, again and again
    j    2b

    .section .tohost, "aw", @progbits
    .balign 64
    .globl tohost, fromhost
    .type tohost, @object
    .type fromhost, @object
tohost:   .dword 0
    .size tohost, 8
    .balign 64
fromhost: .dword 0
    .size fromhost, 8

    .data
    .balign 8
block: .dword 64, 1, line, 3, 0, 0, 0, 0
line:  .ascii "BC\n"
