// Integer arithmetic that compilers call where the machine has no instruction for it: 64 bits, and
// multiplication and division without the M extension. Names and results are GCC's and Clang's.
#include <stdint.h>

// A 64-bit number in two halves: what handles halves calls nothing of this again.
typedef union {
    uint64_t whole;
    struct {
        uint32_t low, high;
    };
} halves;

static inline uint64_t joined(uint32_t low, uint32_t high)
{
    return (halves){.low = low, .high = high}.whole;
}

uint64_t __ashldi3(uint64_t value, int by)
{
    halves v = {value};
    if (by & 32)
        return joined(0, v.low << (by & 31));
    return by ? joined(v.low << by, v.high << by | v.low >> (32 - by)) : value;
}

uint64_t __lshrdi3(uint64_t value, int by)
{
    halves v = {value};
    if (by & 32)
        return joined(v.high >> (by & 31), 0);
    return by ? joined(v.low >> by | v.high << (32 - by), v.high >> by) : value;
}

int64_t __ashrdi3(int64_t value, int by)
{
    halves v = {value};
    uint32_t sign = (int32_t)v.high >> 31;
    if (by & 32)
        return joined((uint32_t)((int32_t)v.high >> (by & 31)), sign);
    return by ? joined(v.low >> by | v.high << (32 - by), (uint32_t)((int32_t)v.high >> by)) : value;
}

// Counting bits

int __clzsi2(uint32_t v)
{
    int zeros = 0;
    for (int step = 16; step; step >>= 1)
        if (!(v >> (32 - step)))
            zeros += step, v <<= step;
    return zeros;
}

int __ctzsi2(uint32_t v)
{
    return 31 - __clzsi2(v & -v);
}

int __clzdi2(uint64_t value)
{
    halves v = {value};
    return v.high ? __clzsi2(v.high) : 32 + __clzsi2(v.low);
}

int __ctzdi2(uint64_t value)
{
    halves v = {value};
    return v.low ? __ctzsi2(v.low) : 32 + __ctzsi2(v.high);
}

int __ffssi2(uint32_t v)
{
    return v ? __ctzsi2(v) + 1 : 0;
}

int __ffsdi2(uint64_t v)
{
    return v ? __ctzdi2(v) + 1 : 0;
}

int __popcountsi2(uint32_t v)
{
    v -= v >> 1 & 0x55555555;
    v = (v & 0x33333333) + (v >> 2 & 0x33333333);
    v = (v + (v >> 4)) & 0x0f0f0f0f;
    v += v >> 8;
    return (v + (v >> 16)) & 63;
}

int __popcountdi2(uint64_t value)
{
    halves v = {value};
    return __popcountsi2(v.low) + __popcountsi2(v.high);
}

int __paritysi2(uint32_t v)
{
    return __popcountsi2(v) & 1;
}

int __paritydi2(uint64_t v)
{
    return __popcountdi2(v) & 1;
}

uint32_t __bswapsi2(uint32_t v)
{
    return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

uint64_t __bswapdi2(uint64_t value)
{
    halves v = {value};
    return joined(__bswapsi2(v.high), __bswapsi2(v.low));
}

// Comparing: 0, 1 or 2 for less, equal or greater

int __cmpdi2(int64_t a, int64_t b)
{
    return (a > b) - (a < b) + 1;
}

int __ucmpdi2(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b) + 1;
}

// Multiplying

#ifndef __riscv_mul
uint32_t __mulsi3(uint32_t a, uint32_t b)
{
    uint32_t sum = 0;
    for (; a; a >>= 1, b += b)
        if (a & 1)
            sum += b;
    return sum;
}
#endif

uint64_t __muldi3(uint64_t a, uint64_t b)
{
#ifdef __riscv_mul
    halves x = {a}, y = {b}, product = {(uint64_t)x.low * y.low};
    product.high += x.low * y.high + x.high * y.low;
    return product.whole;
#else
    uint64_t sum = 0;
    for (halves x = {a}; a; a = joined(x.low >> 1 | x.high << 31, x.high >> 1), x.whole = a, b += b)
        if (x.low & 1)
            sum += b;
    return sum;
#endif
}

// Dividing

#ifndef __riscv_mul
static uint32_t divided(uint32_t n, uint32_t d, uint32_t *rest)
{
    uint32_t quotient = 0, r = 0;
    if (!d) {
        *rest = n;
        return -1;
    }
    for (int i = 0; i < 32; i++) {
        r = r << 1 | n >> 31;
        n <<= 1;
        quotient <<= 1;
        if (r >= d)
            r -= d, quotient |= 1;
    }
    *rest = r;
    return quotient;
}

uint32_t __udivsi3(uint32_t n, uint32_t d)
{
    return divided(n, d, &n);
}

uint32_t __umodsi3(uint32_t n, uint32_t d)
{
    divided(n, d, &n);
    return n;
}

int32_t __divsi3(int32_t n, int32_t d)
{
    uint32_t rest, q = divided(n < 0 ? -(uint32_t)n : n, d < 0 ? -(uint32_t)d : d, &rest);
    return (n ^ d) < 0 && d ? -q : q;
}

int32_t __modsi3(int32_t n, int32_t d)
{
    uint32_t rest;
    divided(n < 0 ? -(uint32_t)n : n, d < 0 ? -(uint32_t)d : d, &rest);
    return n < 0 ? -rest : rest;
}
#endif

// (high, low) / d for high < d, by two digits of 16 bits (Knuth, TAOCP 2, 4.3.1, algorithm D).
static uint32_t short_quotient(uint32_t high, uint32_t low, uint32_t d, uint32_t *rest)
{
    int shift = __clzsi2(d);
    if (shift) {
        d <<= shift;
        high = high << shift | low >> (32 - shift);
        low <<= shift;
    }
    uint32_t top = d >> 16, bottom = d & 0xffff, quotient = 0;
    for (int i = 0; i < 2; i++, low <<= 16) {
        uint32_t digit = high / top, r = high - digit * top;
        while (digit >> 16 || digit * bottom > (r << 16 | low >> 16)) {
            digit--, r += top;
            if (r >> 16)
                break;
        }
        high = (high << 16 | low >> 16) - digit * d;
        quotient = quotient << 16 | digit;
    }
    *rest = high >> shift;
    return quotient;
}

uint64_t __udivmoddi4(uint64_t numerator, uint64_t denominator, uint64_t *rest)
{
    halves n = {numerator}, d = {denominator}, q, r;
    if (!d.high) {
        if (!n.high) { // division by zero gives all ones, as the instruction does
            uint32_t quotient = d.low ? n.low / d.low : -1;
            q.whole = d.low ? quotient : -1ull;
            r.whole = d.low ? n.low - quotient * d.low : n.low;
        } else if (!d.low) {
            q.whole = -1ull, r = n;
        } else {
            q.high = n.high / d.low;
            r.high = 0;
            q.low = short_quotient(n.high - q.high * d.low, n.low, d.low, &r.low);
        }
    } else if (numerator < denominator) {
        q.whole = 0, r = n;
    } else {
        // Divide half the numerator by the highest 32 bits of the denominator; what comes out is
        // the quotient or one more (Hacker's Delight, 9-5).
        int shift = __clzsi2(d.high);
        uint32_t top = shift ? d.high << shift | d.low >> (32 - shift) : d.high, ignored;
        uint32_t guess = short_quotient(n.high >> 1, n.high << 31 | n.low >> 1, top, &ignored);
        guess = guess >> (31 - shift);
        if (guess)
            guess--;
        r.whole = numerator - __muldi3(guess, denominator);
        if (r.whole >= denominator)
            guess++, r.whole -= denominator;
        q.whole = guess;
    }
    if (rest)
        *rest = r.whole;
    return q.whole;
}

uint64_t __udivdi3(uint64_t n, uint64_t d)
{
    return __udivmoddi4(n, d, 0);
}

uint64_t __umoddi3(uint64_t n, uint64_t d)
{
    uint64_t rest;
    __udivmoddi4(n, d, &rest);
    return rest;
}

int64_t __divmoddi4(int64_t n, int64_t d, int64_t *rest)
{
    uint64_t r, q = __udivmoddi4(n < 0 ? -(uint64_t)n : n, d < 0 ? -(uint64_t)d : d, &r);
    *rest = n < 0 ? -r : r;
    return (n ^ d) < 0 && d ? -q : q;
}

int64_t __divdi3(int64_t n, int64_t d)
{
    int64_t rest;
    return __divmoddi4(n, d, &rest);
}

int64_t __moddi3(int64_t n, int64_t d)
{
    int64_t rest;
    __divmoddi4(n, d, &rest);
    return rest;
}
