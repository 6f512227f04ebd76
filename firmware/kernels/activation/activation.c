#include "activation.h"

void KERNEL(relu_forward)(uint32_t n, const wide *x, wide *y)
{
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++) {
        real value = get(&x[i]);
        put(&y[i], less(value, REAL(0.0)) ? REAL(0.0) : value);
    }
}

void KERNEL(relu_backward)(uint32_t n, const wide *x, const wide *dy, wide *dx)
{
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++)
        put(&dx[i], less(REAL(0.0), get(&x[i])) ? get(&dy[i]) : REAL(0.0));
}

// tanh u of the contract.
ELEMENTARY real inner(real x)
{
    real cube = mul(mul(x, x), x);
    real u = mul(REAL(0.797884560803), fused(REAL(0.044715), cube, x));
    return hyperbolic_tangent(u);
}

void KERNEL(gelu_forward)(uint32_t n, const wide *x, wide *y)
{
    for (uint32_t i = 0; i < n; i++) {
        real value = get(&x[i]);
        real half = mul(REAL(0.5), value);
        put(&y[i], fused(half, inner(value), half));
    }
}

void KERNEL(gelu_backward)(uint32_t n, const wide *x, const wide *dy, wide *dx)
{
    for (uint32_t i = 0; i < n; i++) {
        real value = get(&x[i]), tangent = inner(value);
        real share = fused(REAL(0.5), tangent, REAL(0.5));
        real slope = fused(mul(value, value), REAL(0.10703222441), REAL(0.797884560803));
        real change = mul(mul(REAL(0.5), fused(negated(tangent), tangent, REAL(1.0))), slope);
        put(&dx[i], mul(get(&dy[i]), fused(value, change, share)));
    }
}
