#include "optimizer.h"

void KERNEL(sgd)(uint32_t n, const struct sgd *by, const wide *g, wide *v, wide *w)
{
    const real rate = negated(get(&by->rate)), momentum = get(&by->momentum);
    const real decay = get(&by->decay);
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++) {
        real parameter = get(&w[i]);
        real step = fused(momentum, get(&v[i]), fused(decay, parameter, get(&g[i])));
        put(&v[i], step);
        put(&w[i], fused(rate, step, parameter));
    }
}

void KERNEL(adam)(uint32_t n, const struct adam *by, const wide *g, wide *m, wide *s, wide *w)
{
    const real rate = mul(negated(get(&by->rate)), get(&by->correct1));
    const real b1 = get(&by->b1), b2 = get(&by->b2), epsilon = get(&by->epsilon);
    const real rest1 = sub(REAL(1.0), b1), rest2 = sub(REAL(1.0), b2);
    const real correct2 = get(&by->correct2);
    for (uint32_t i = 0; i < n; i++) {
        real slope = get(&g[i]);
        real mean = fused(b1, get(&m[i]), mul(rest1, slope));
        real square = fused(b2, get(&s[i]), mul(rest2, mul(slope, slope)));
        put(&m[i], mean);
        put(&s[i], square);
        real size = add(root(mul(square, correct2)), epsilon);
        put(&w[i], fused(rate, quotient(mean, size), get(&w[i])));
    }
}
