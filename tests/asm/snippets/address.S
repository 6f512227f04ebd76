# Addresses: %hi and its kin, and the pseudo-instructions made of them.
.option norelax
.globl _start
.equ constant, 0x12345fff
_start:
    lui a0, %hi(value)
    addi a0, a0, %lo(value)
    lw a0, %lo(value + 4)(a0)
    sw a0, %lo(value)(a0)
    flw fa0, %lo(value)(a0)
    lui a0, %hi(constant)
    addi a0, a0, %lo(constant)
    lui a0, %hi(0x7ffff800)
    addi a0, a0, %lo(0x7ffff800)
1:  auipc a0, %pcrel_hi(value)
    addi a1, a0, %pcrel_lo(1b)
    sw a1, %pcrel_lo(1b)(a0)
.Lpc:
    auipc a0, %pcrel_hi(far + 8)
    lw a0, %pcrel_lo(.Lpc)(a0)
    la a0, value
    la a0, value + 12
    lla a1, _start
    la a2, far
    lw a0, value
    lbu a0, byte
    lhu t0, far
    sw a0, value, t0
    sb a0, byte, t1
    flw fa0, value, t2
    fsw fa0, value, t3
    call function
    tail function
    jump function, t2
    call far_function
    ret
function:
    ret
    .section .rodata
far:
    .word 1, 2, 3
    .data
byte:
    .byte 1
    .balign 4
value:
    .word value, value + 4, function, far, end - value, . - value
    .half end - value
    .byte end - byte
end:
    .text
    .skip 8000
far_function:
    ret
