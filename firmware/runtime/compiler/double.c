// double without the D extension.
#if !defined(__riscv_flen) || __riscv_flen < 64
#define number double
#define bits uint64_t
#define half uint32_t
#define WIDTH 64
#define FRACTION 52
#define LEADING(value) __builtin_clzll(value)
#define F(name) F_##name
#define F_add __adddf3
#define F_sub __subdf3
#define F_mul __muldf3
#define F_div __divdf3
#define F_neg __negdf2
#define F_eq __eqdf2
#define F_ne __nedf2
#define F_lt __ltdf2
#define F_le __ledf2
#define F_gt __gtdf2
#define F_ge __gedf2
#define F_cmp __cmpdf2
#define F_unord __unorddf2
#define F_floatsi __floatsidf
#define F_floatunsi __floatunsidf
#define F_floatdi __floatdidf
#define F_floatundi __floatundidf
#define F_fixsi __fixdfsi
#define F_fixunssi __fixunsdfsi
#define F_fixdi __fixdfdi
#define F_fixunsdi __fixunsdfdi
#define F_powi __powidf2
#include "soft_float.h"

double __extendsfdf2(float x)
{
    union {
        float value;
        uint32_t bits;
    } narrow = {x};
    bits sign = (bits)(narrow.bits >> 31) << 63;
    uint32_t magnitude = narrow.bits & 0x7fffffff;
    if (magnitude > 0x7f800000)
        return number_of(QUIET);
    if (magnitude == 0x7f800000)
        return number_of(sign | INFINITE);
    if (magnitude >= 0x00800000)
        return number_of(sign | ((bits)magnitude << 29) + ((bits)(1023 - 127) << 52));
    return magnitude ? normalized(sign, 1023 - 126 + 40, (bits)magnitude) : number_of(sign);
}

float __truncdfsf2(double x)
{
    bits value = bits_of(x), magnitude = value & ~SIGN;
    union {
        uint32_t bits;
        float value;
    } narrow = {(uint32_t)(value >> 63) << 31};
    int exponent = (int)(magnitude >> 52) - 1023 + 127;
    if (magnitude > INFINITE)
        narrow.bits = 0x7fc00000;
    else if (exponent >= 255)
        narrow.bits |= 0x7f800000;
    else if (exponent > -25) {
        // 24 bits and the one behind them at the top of 32, the others in the lowest.
        bits all = value << 11 | SIGN;
        uint32_t top = all >> 32 | ((uint32_t)all != 0);
        if (exponent <= 0) {
            int by = 1 - exponent;
            top = top >> by | (top << (32 - by) != 0);
            exponent = 1;
        }
        uint32_t result = ((uint32_t)(exponent - 1) << 23) + (top >> 8), rest = top & 255;
        narrow.bits |= result + (rest > 128 || (rest == 128 && (result & 1)));
    }
    return narrow.value;
}
#else
// With D only the conversions of 64-bit integers are left.
#include <stdint.h>

double __floatundidf(uint64_t value)
{
    return (double)(uint32_t)(value >> 32) * 0x1p32 + (double)(uint32_t)value;
}

double __floatdidf(int64_t value)
{
    return (double)(int32_t)(value >> 32) * 0x1p32 + (double)(uint32_t)value;
}

uint64_t __fixunsdfdi(double x)
{
    if (!(x < 0x1p64))
        return -1;
    if (x < 0x1p32)
        return (uint32_t)x;
    uint32_t high = (uint32_t)(x * 0x1p-32);
    return (uint64_t)high << 32 | (uint32_t)(x - (double)high * 0x1p32);
}

int64_t __fixdfdi(double x)
{
    if (!(x < 0x1p63))
        return INT64_MAX;
    if (x < -0x1p63)
        return INT64_MIN;
    return x < 0 ? -__fixunsdfdi(-x) : __fixunsdfdi(x);
}

double __powidf2(double x, int n)
{
    double result = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : n; left; left >>= 1, x = x * x)
        if (left & 1)
            result = result * x;
    return n < 0 ? 1 / result : result;
}
#endif
