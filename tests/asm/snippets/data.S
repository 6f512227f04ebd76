# Data directives. (Ties are left out: GNU as rounds 16777217 up.)
.globl _start
_start:
    nop
    .data
    .byte 1, -1, 255, 0x7f, 'a', '\\', '\'', '"'
    .half 1, -1, 65535
    .short 2
    .2byte 3
    .word 1, -1, 0xffffffff, 0b1010, 017
    .long 2
    .4byte 3
    .int 4
    .dword 1, -1, 0xffffffffffffffff
    .quad 0x0123456789abcdef
    .8byte 3
    .ascii "no end", " two\n"
    .asciz "an end"
    .string "a\tb\\c\"d\001\x41\101"
    .asciz ""
    .zero 3
    .space 5
    .space 2, 0xab
    .skip 3, 1
    .fill 3
    .fill 2, 2, 0x1234
    .fill 2, 8, 0x11223344
    .balign 16
    .byte 1
    .balign 8, 0xff
    .byte 1
    .p2align 3, , 3
    .byte 1
    .p2align 3, 0x55, 7
    .align 2
    .byte 1
    .float 0, 1, -1, 0.1, 1e10, 3.4028235e38, 1.17549435e-38, 1e-45, 1.5, inf, -infinity
    .single 16777215.0, 33554435.1
    .double 0.1, -2.5, 1e300
    .uleb128 0
    .uleb128 127
    .uleb128 128
    .uleb128 624485
    .sleb128 0
    .sleb128 -1
    .sleb128 63
    .sleb128 64
    .sleb128 -64
    .sleb128 -65
    .sleb128 -123456
    .word (1 << 4) | 3, 10 / 3, -10 / 3, 10 % 3, -10 % 3, 1 == 1, 1 < 2, 2 > 3, !0, !5
    .word 1 && 2, 0 || 0, 7 & 3, 7 ^ 2, -1 >> 60, 3 != 4, 5 - -3
    .org . + 7
    .byte 9
