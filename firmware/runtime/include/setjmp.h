#ifndef _SETJMP_H
#define _SETJMP_H

// ra, sp, s0 to s11, and fs0 to fs11 where there are any.
typedef struct {
    unsigned long integers[14];
#if defined(__riscv_flen) && __riscv_flen == 64
    double floats[12];
#elif defined(__riscv_flen)
    float floats[12];
#endif
} jmp_buf[1];

#ifdef __cplusplus
extern "C" {
#endif
int setjmp(jmp_buf buffer) __attribute__((__returns_twice__));
_Noreturn void longjmp(jmp_buf buffer, int value);
#ifdef __cplusplus
}
#endif
#endif
