# Macros, repetitions and conditions.
.option norelax
.globl _start
.macro push register:req, slot=0
    sw \register, 4 * \slot (sp)
.endm
.macro save first, rest:vararg
    push \first
    .ifnb \rest
    save \rest
    .endif
.endm
.macro sum to, from, extra=zero
    add \to, \to, \from
    .ifnc \extra, zero
    add \to, \to, \extra
    .endif
.endm
.macro loop count
    li t0, \count
.Lloop\@:
    addi t0, t0, -1
    bnez t0, .Lloop\@
.endm
.macro down n
    .if \n
    addi a0, a0, \n
    down (\n - 1)
    .endif
.endm
.macro mnemonic name, suffix
    \name\().\suffix fa0, fa1, fa2
.endm
.macro outer n
    .macro inner\n register
    addi \register, \register, \n
    .endm
.endm
_start:
    push a0
    push register=a1, slot=2
    push a2, 3
    save a0, a1, a2
    sum a0, a1
    sum a0, a1, a2
    sum extra=t0, to=a1, from=a2
    loop 5
    loop 6
    down 3
    mnemonic fadd, s
    mnemonic fmul, s
    outer 7
    inner7 a5
    .rept 3
    nop
    .rept 2
    mv a0, a0
    .endr
    .endr
    .irp register, a0, a1, s2
    sw \register, 0(sp)
    .endr
    .irpc digit, 123
    addi a\digit, a0, \digit
    .endr
    .if 1 == 2
    .error "not here"
    .elseif 2 > 1
    li a0, 2
    .else
    li a0, 3
    .endif
    .ifdef _start
    li a0, 4
    .endif
    .ifndef nowhere
    li a0, 5
    .else
    .if 1
    .endif
    li a0, 6
    .endif
    .equ count, 0
    .rept 4
    .set count, count + 1
    addi a1, a1, count
    .endr
    .macro text string
    .asciz "\string"
    .endm
    .data
    text "two words"
    text single
