// fp32 throughout: the baseline. Contraction is the compiler's; `fused` asks for it.
#ifndef RVX_NUMBERS_FP32_H
#define RVX_NUMBERS_FP32_H

#include <stdint.h>

typedef float wide;
typedef float real;
typedef float operand;

#define REAL(constant) ((real)(constant##f))

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }

static inline real add(real a, real b) { return a + b; }
static inline real sub(real a, real b) { return a - b; }
static inline real mul(real a, real b) { return a * b; }
static inline real quotient(real a, real b) { return a / b; }
static inline real root(real a) { return __builtin_sqrtf(a); }
static inline real fused(real a, real b, real c) { return __builtin_fmaf(a, b, c); }
static inline real negated(real a) { return -a; }
static inline int less(real a, real b) { return a < b; }

static inline real whole(int32_t i) { return (real)i; }
static inline int32_t nearest(real a) { return (int32_t)(a + (a < 0 ? -0.5f : 0.5f)); }

static inline int is_finite(real a) { return __builtin_fabsf(a) <= 3.40282347e38f; }
static inline real magnitude(real a) { return __builtin_fabsf(a); }

static inline uint32_t pitch(uint32_t columns) { return columns; }

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

void gemm_fp32(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *bt, float *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_fp32(m, n, k, a, bt, c);
}

static inline const operand *packed(uint32_t rows, uint32_t k, const wide *x, operand *room)
{
    (void)rows, (void)k, (void)room;
    return x;
}

static inline const operand *packed_transposed(uint32_t rows, uint32_t k, const wide *x,
                                               operand *room)
{
    operand *to = room;
    for (uint32_t i = 0; i < rows; i++, x++) {
        const wide *from = x;
#pragma GCC unroll 4
        for (uint32_t j = 0; j < k; j++, from += rows)
            *to++ = *from;
    }
    return room;
}

#endif
