// Functions that no instruction has, over the names of a number system: enough for training, with
// absolute errors of a few units of fp32's last place at 1. None raises more flags than its steps.
#ifndef RVX_NUMBERS_ELEMENTARY_H
#define RVX_NUMBERS_ELEMENTARY_H

// Inlined also where arithmetic is intrinsics, whose cost compilers overrate, so that a loop's
// constants are made once.
#define ELEMENTARY static inline __attribute__((always_inline))

// e^x. x = n ln 2 + r with |r| <= ln 2 / 2, and e^r by its series to r^7 / 5040: the rest is below
// 6e-9 of it; beyond 24 bits to r^8 / 40320, the rest below 3e-10. ln 2 is taken in two parts, the
// first short enough for n times it to be exact.
ELEMENTARY real exponential(real x)
{
    if (less(x, REAL(-87.0)))
        return REAL(0.0);
    if (less(REAL(88.0), x))
        x = REAL(88.0);
    int32_t n = nearest(mul(x, REAL(1.44269504089)));
    real whole_n = whole(n);
    real r = fused(negated(whole_n), REAL(0.693359375), x);
    r = fused(whole_n, REAL(2.12194440055e-4), r);
#if REAL_PRECISION > 24
    real sum = fused(REAL(2.48015873e-5), r, REAL(1.98412698413e-4));
#else
    real sum = REAL(1.98412698413e-4);
#endif
    sum = fused(sum, r, REAL(1.38888888889e-3));
    sum = fused(sum, r, REAL(8.33333333333e-3));
    sum = fused(sum, r, REAL(4.16666666667e-2));
    sum = fused(sum, r, REAL(1.66666666667e-1));
    sum = fused(sum, r, REAL(0.5));
    sum = fused(sum, r, REAL(1.0));
    sum = fused(sum, r, REAL(1.0));
    return scaled(sum, n);
}

// ln x of x > 0. With x = 2^n m, m in [sqrt(1/2), sqrt(2)): ln m = 2 atanh s, s = (m - 1) / (m + 1),
// |s| < 0.172, by the series to s^9 / 9.
ELEMENTARY real logarithm(real x)
{
    real m;
    int32_t n = split(x, &m);
    if (less(REAL(1.41421356237), m)) {
        m = mul(m, REAL(0.5));
        n++;
    }
    real s = quotient(sub(m, REAL(1.0)), add(m, REAL(1.0)));
    real square = mul(s, s);
    real sum = REAL(0.222222222222);
    sum = fused(sum, square, REAL(0.285714285714));
    sum = fused(sum, square, REAL(0.4));
    sum = fused(sum, square, REAL(0.666666666667));
    sum = fused(sum, square, REAL(2.0));
    return fused(whole(n), REAL(0.69314718056), mul(sum, s));
}

// tanh x = 1 - 2 / (e^2x + 1).
ELEMENTARY real hyperbolic_tangent(real x)
{
    real power = exponential(add(x, x));
    return sub(REAL(1.0), quotient(REAL(2.0), add(power, REAL(1.0))));
}

#endif
