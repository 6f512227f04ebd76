// Arithmetic in single precision, for every number system that computes in it, whatever it stores.
#ifndef RVX_NUMBERS_SINGLE_H
#define RVX_NUMBERS_SINGLE_H

#include <stdint.h>

typedef float real;
#define REAL_PRECISION 24

#define REAL(constant) ((real)(constant##f))

static inline real add(real a, real b) { return a + b; }
static inline real sub(real a, real b) { return a - b; }
static inline real mul(real a, real b) { return a * b; }
static inline real quotient(real a, real b) { return a / b; }
static inline real root(real a) { return __builtin_sqrtf(a); }
static inline real fused(real a, real b, real c) { return __builtin_fmaf(a, b, c); }
static inline real negated(real a) { return -a; }
static inline real magnitude(real a) { return __builtin_fabsf(a); }
static inline int less(real a, real b) { return a < b; }
static inline int is_finite(real a) { return __builtin_fabsf(a) <= 3.40282347e38f; }

static inline real whole(int32_t i) { return (real)i; }
static inline int32_t nearest(real a) { return (int32_t)(a + (a < 0 ? -0.5f : 0.5f)); }

// x 2^n, -126 <= n <= 127.
static inline real scaled(real x, int32_t n)
{
    union {
        uint32_t bits;
        float value;
    } power = {(uint32_t)(n + 127) << 23};
    return x * power.value;
}

// The exponent of x > 0 and, in *significand, x 2^-exponent in [1, 2).
static inline int32_t split(real x, real *significand)
{
    union {
        float value;
        uint32_t bits;
    } both = {x};
    int32_t exponent = (int32_t)(both.bits >> 23) - 127;
    both.bits = (both.bits & 0x7fffff) | 127u << 23;
    *significand = both.value;
    return exponent;
}

#endif
