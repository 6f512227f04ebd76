# int setjmp(jmp_buf), void longjmp(jmp_buf, int): what a function keeps for its caller.
#if !defined(__riscv_flen)
#define FLOATS(each)
#else
#if __riscv_flen == 64
#define FSTORE fsd
#define FLOAD fld
#define FLOAT 8
#else
#define FSTORE fsw
#define FLOAD flw
#define FLOAT 4
#endif
#define FLOATS(each) \
    each fs0, 0*FLOAT+56(a0); each fs1, 1*FLOAT+56(a0); each fs2, 2*FLOAT+56(a0); \
    each fs3, 3*FLOAT+56(a0); each fs4, 4*FLOAT+56(a0); each fs5, 5*FLOAT+56(a0); \
    each fs6, 6*FLOAT+56(a0); each fs7, 7*FLOAT+56(a0); each fs8, 8*FLOAT+56(a0); \
    each fs9, 9*FLOAT+56(a0); each fs10, 10*FLOAT+56(a0); each fs11, 11*FLOAT+56(a0)
#endif
#define INTEGERS(each) \
    each ra, 0(a0); each sp, 4(a0); each s0, 8(a0); each s1, 12(a0); each s2, 16(a0); \
    each s3, 20(a0); each s4, 24(a0); each s5, 28(a0); each s6, 32(a0); each s7, 36(a0); \
    each s8, 40(a0); each s9, 44(a0); each s10, 48(a0); each s11, 52(a0)

    .text
    .globl   setjmp
    .type    setjmp, @function
setjmp:
    INTEGERS(sw)
    FLOATS(FSTORE)
    li       a0, 0
    ret
    .size    setjmp, . - setjmp

    .globl   longjmp
    .type    longjmp, @function
longjmp:
    INTEGERS(lw)
    FLOATS(FLOAD)
    seqz     a0, a1
    add      a0, a0, a1
    ret
    .size    longjmp, . - longjmp
