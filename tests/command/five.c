/* The five from C, by the intrinsics of `rvx header`; the exit status is 0 if every result is right. */
#include "five.h"

static const int16_t table[2] = {-1234, 30000};

static int wrong(void)
{
    const void *moving = table;
    rvx_u8x4 low = rvx_u8x4_from_bits(0x0A000500), high = rvx_u8x4_from_bits(0x00FF0503);
    if (rvx_five_dot(10, rvx_i8x4_from_bits(0x01FF0302), rvx_i8x4_from_bits(0x7F80FF04)) != 270)
        return 1;
    if (rvx_five_fma(0, rvx_e3m4x4_from_bits(0x30302010), rvx_e3m4x4_from_bits(0x40302010)) != 3.3125f)
        return 2;
    rvx_five_sad(low, high);
    if (rvx_five_sad(low, high) != 536)
        return 3;
    if (rvx_five_lh2(&moving, 2) != -2468 || rvx_five_lh2(&moving, 2) != 32767)
        return 4;
    return moving != table + 2;
}

void _start(void)
{
    register int status __asm__("a0") = wrong();
    register int call __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(status), "r"(call) : "memory");
    __builtin_unreachable();
}
