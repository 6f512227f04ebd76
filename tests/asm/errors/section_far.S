_start:
    .data
    .align 31
    .word 1
    .bss
    .space 0x7fffffff
