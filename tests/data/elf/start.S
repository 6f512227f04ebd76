# Calls main on a stack of its own; what main returns is the exit status.
    .section .text.start, "ax", @progbits
    .globl _start
_start:
    la   sp, __stack_top
    call main
    li   a7, 93
    ecall
