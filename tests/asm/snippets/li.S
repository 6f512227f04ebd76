# The shortest sequence for each constant. (2048, 4096 and the like are left out: LLVM
# prefers addi and slli to the lui and addi of GNU as.)
.option norelax
.globl _start
_start:
.irp value, 0, 1, -1, 2047, -2048, -2049, 4095, 4096, 0x7ff, 0xfff, 0x1000
    li a0, \value
.endr
.irp value, 0x7ffff7ff, 0x7ffff800, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0xfffff800
    li a1, \value
.endr
.irp value, 0xfffff7ff, 0x12345678, 0xdeadbeef, -0x80000000, -0x7fffffff, 305419896
    li a2, \value
.endr
    li a3, 'a'
    li a3, (1 << 31)
    li a3, ~0
    li a3, 3 * (4 + 5) - 100 / 7 % 4
    .set later, 77
    li a4, later
