#include "scaling.h"

uint32_t KERNEL(unscale)(uint32_t n, const wide *scale, wide *g)
{
    const real share = quotient(REAL(1.0), get(scale));
    uint32_t finite = 1;
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++) {
        real value = get(&g[i]);
        finite &= is_finite(value);
        put(&g[i], mul(value, share));
    }
    return finite;
}

void KERNEL(axpy)(uint32_t n, const wide *a, const wide *x, wide *y)
{
    const real factor = get(a);
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++)
        put(&y[i], fused(factor, get(&x[i]), get(&y[i])));
}

void KERNEL(greatest_magnitude)(uint32_t n, const wide *x, wide *most)
{
    real found = REAL(0.0);
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++) {
        real value = magnitude(get(&x[i]));
        if (less(found, value))
            found = value;
    }
    put(most, found);
}
