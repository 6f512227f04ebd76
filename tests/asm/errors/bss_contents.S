_start:
    .bss
    .word 0
    .word 1
