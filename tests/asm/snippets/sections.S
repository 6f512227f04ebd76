# Sections, symbols and alignment of code.
.option norelax
.globl _start
    .text
_start:
    nop
    .section .rodata.str, "aMS", @progbits, 1
hello:
    .asciz "hello"
    .section .rodata, "a"
    .balign 8
table:
    .word _start, hello, table, counter, buffer
    .data
counter:
    .word 5
    .text
    .balign 16
    la a0, hello
    .p2align 4
    la a1, counter
    .pushsection .data
    .word 6
    .popsection
    la a2, buffer
    .bss
    .balign 4
buffer:
    .zero 100
    .text
    .local own
    .comm own, 8, 4
    la a3, own
    .section .data.more, "aw", @progbits
    .word 7
    .set alias, counter + 4
    .text
    la a4, alias
    .weak missing
    lui a5, %hi(missing)
    addi a5, a5, %lo(missing)
    .type function, @function
function:
    ret
    .size function, . - function
    .p2align 4      # as GNU as does at the end of code
