// x * y + z, rounded once: the instruction where there is one, otherwise by integers.
#include <math.h>
#include <stdint.h>

typedef union {
    double value;
    uint64_t bits;
} number;

float fmaf(float x, float y, float z)
{
#if defined(__riscv_flen)
    float result;
    __asm__("fmadd.s %0, %1, %2, %3" : "=f"(result) : "f"(x), "f"(y), "f"(z));
    return result;
#else
    // The product is exact in double. What its sum with z loses makes the last bit odd, so that
    // rounding that to float is rounding the sum itself (Boldo and Melquiond, 2008).
    double product = (double)x * y, sum = product + z, part = sum - product;
    double rest = (product - (sum - part)) + (z - part);
    number odd = {sum};
    if (isfinite(sum) && rest != 0 && !(odd.bits & 1))
        odd.bits += (rest > 0) == (sum > 0) ? 1 : -1;
    return (float)odd.value;
#endif
}

#if defined(__riscv_flen) && __riscv_flen >= 64
double fma(double x, double y, double z)
{
    double result;
    __asm__("fmadd.d %0, %1, %2, %3" : "=f"(result) : "f"(x), "f"(y), "f"(z));
    return result;
}
#else
typedef struct {
    uint64_t high, low;
} wide;

static int is_zero(wide a) { return !(a.high | a.low); }

static wide shifted_left(wide a, int by)
{
    if (by >= 64)
        return (wide){a.low << (by - 64), 0};
    return by ? (wide){a.high << by | a.low >> (64 - by), a.low << by} : a;
}

// What is lost makes the lowest bit 1.
static wide shifted_right(wide a, int by)
{
    if (by > 127)
        return (wide){0, !is_zero(a)};
    wide kept = by >= 64 ? (wide){0, a.high >> (by - 64)}
                : by     ? (wide){a.high >> by, a.low >> by | a.high << (64 - by)}
                         : a;
    wide back = shifted_left(kept, by);
    kept.low |= back.high != a.high || back.low != a.low;
    return kept;
}

static wide sum(wide a, wide b)
{
    uint64_t low = a.low + b.low;
    return (wide){a.high + b.high + (low < a.low), low};
}

static wide difference(wide a, wide b)
{
    return (wide){a.high - b.high - (a.low < b.low), a.low - b.low};
}

static wide product(uint64_t a, uint64_t b)
{
    uint64_t a1 = a >> 32, a0 = (uint32_t)a, b1 = b >> 32, b0 = (uint32_t)b;
    wide middle = shifted_left((wide){0, a1 * b0}, 32), other = shifted_left((wide){0, a0 * b1}, 32);
    return sum(sum((wide){a1 * b1, a0 * b0}, middle), other);
}

// An integer of 53 bits, and its exponent.
static uint64_t significand(double x, int *exponent)
{
    uint64_t integer = (uint64_t)(fabs(frexp(x, exponent)) * 0x1p53);
    *exponent -= 53;
    return integer;
}

// a * 2^exponent, which is not zero.
static double rounded(wide a, int exponent)
{
    int shift = a.high ? __builtin_clzll(a.high) : 64 + __builtin_clzll(a.low);
    a = shifted_left(a, shift);
    uint64_t top = a.high | (a.low != 0);
    exponent += 64 - shift;
    int lost = -1022 - 63 - exponent; // bits that a number this small has no room for
    if (lost <= 0)
        return ldexp((double)top, exponent);
    top = shifted_right((wide){0, top}, lost).low;
    uint64_t whole = top >> 11, rest = top & 2047;
    whole += rest > 1024 || (rest == 1024 && (whole & 1));
    return ldexp((double)whole, exponent + lost + 11);
}

double fma(double x, double y, double z)
{
    if (isfinite(x) && isfinite(y) && !isfinite(z))
        return z; // also where the product alone would be too large
    if (!isfinite(x) || !isfinite(y) || x == 0 || y == 0)
        return x * y + z;
    if (z == 0)
        return x * y;
    int e, f, g, is_negative = signbit(x) ^ signbit(y), differ = is_negative ^ signbit(z);
    uint64_t m = significand(x, &e), n = significand(y, &f), o = significand(z, &g);
    // Both with their leading bit at 124 or 125; then the smaller one at the larger's exponent.
    wide a = shifted_left(product(m, n), 20), b = shifted_left((wide){0, o}, 72), c;
    e += f - 20, g -= 72;
    if (e > g)
        b = shifted_right(b, e - g);
    else
        a = shifted_right(a, g - e), e = g;
    if (!differ)
        c = sum(a, b);
    else if (a.high > b.high || (a.high == b.high && a.low >= b.low))
        c = difference(a, b);
    else
        c = difference(b, a), is_negative = !is_negative;
    if (is_zero(c))
        return 0;
    double result = rounded(c, e);
    return is_negative ? -result : result;
}
#endif
