// float without the F extension.
#if !defined(__riscv_flen)
#define number float
#define bits uint32_t
#define half uint16_t
#define WIDTH 32
#define FRACTION 23
#define LEADING(value) __builtin_clz(value)
#define F(name) F_##name
#define F_add __addsf3
#define F_sub __subsf3
#define F_mul __mulsf3
#define F_div __divsf3
#define F_neg __negsf2
#define F_eq __eqsf2
#define F_ne __nesf2
#define F_lt __ltsf2
#define F_le __lesf2
#define F_gt __gtsf2
#define F_ge __gesf2
#define F_cmp __cmpsf2
#define F_unord __unordsf2
#define F_floatsi __floatsisf
#define F_floatunsi __floatunsisf
#define F_floatdi __floatdisf
#define F_floatundi __floatundisf
#define F_fixsi __fixsfsi
#define F_fixunssi __fixunssfsi
#define F_fixdi __fixsfdi
#define F_fixunsdi __fixunssfdi
#define F_powi __powisf2
#include "soft_float.h"
#else
// With F only the conversions of 64-bit integers are left.
#include <stdint.h>

float __floatundisf(uint64_t value)
{
    // Where the low bits cannot all be kept, one of them stands for those that get lost.
    int shift = value >> 32 ? 32 - __builtin_clz((uint32_t)(value >> 32)) : 0;
    uint32_t top = value >> shift;
    top |= (uint64_t)top << shift != value;
    union {
        uint32_t bits;
        float value;
    } scale = {(uint32_t)(127 + shift) << 23};
    return (float)top * scale.value;
}

float __floatdisf(int64_t value)
{
    return value < 0 ? -__floatundisf(-(uint64_t)value) : __floatundisf(value);
}

uint64_t __fixunssfdi(float x)
{
    if (!(x < 0x1p64f))
        return -1;
    if (x < 0x1p32f)
        return (uint32_t)x;
    uint32_t high = (uint32_t)(x * 0x1p-32f);
    return (uint64_t)high << 32 | (uint32_t)(x - (float)high * 0x1p32f);
}

int64_t __fixsfdi(float x)
{
    if (!(x < 0x1p63f))
        return INT64_MAX;
    if (x < -0x1p63f)
        return INT64_MIN;
    return x < 0 ? -__fixunssfdi(-x) : __fixunssfdi(x);
}

float __powisf2(float x, int n)
{
    float result = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : n; left; left >>= 1, x = x * x)
        if (left & 1)
            result = result * x;
    return n < 0 ? 1 / result : result;
}
#endif
