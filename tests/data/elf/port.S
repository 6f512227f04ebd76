# Ends and prints through an exit port at 0xf0000000.
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    lui  s0, 0xf0000
    li   t0, -1
    sw   t0, 4(s0)
    li   t0, 12
    sw   t0, 8(s0)
    sw   zero, 12(s0)
    li   t0, 3
    sw   t0, 0(s0)
1:  j    1b
