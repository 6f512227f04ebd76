// Sums are kept in memory a channel, so that x is read along its rows.
#include "batchnorm.h"

static inline void fill(uint32_t n, wide *x)
{
    for (uint32_t i = 0; i < n; i++)
        put(&x[i], REAL(0.0));
}

void KERNEL(batchnorm_forward)(const struct batchnorm *layer)
{
    const uint32_t n = layer->n, c = layer->c, step = pitch(c);
    const real share = quotient(REAL(1.0), whole((int32_t)n)), epsilon = get(layer->epsilon);
    wide *mean = layer->mean, *r = layer->r;
    fill(c, mean);
    fill(c, r);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c; j++)
            put(&mean[j], add(get(&mean[j]), get(&layer->x[i * step + j])));
    for (uint32_t j = 0; j < c; j++)
        put(&mean[j], mul(get(&mean[j]), share));
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c; j++) {
            real distance = sub(get(&layer->x[i * step + j]), get(&mean[j]));
            put(&r[j], fused(distance, distance, get(&r[j])));
        }
    for (uint32_t j = 0; j < c; j++)
        put(&r[j], quotient(REAL(1.0), root(fused(get(&r[j]), share, epsilon))));
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c; j++) {
            real z = mul(sub(get(&layer->x[i * step + j]), get(&mean[j])), get(&r[j]));
            put(&layer->y[i * step + j], fused(get(&layer->gamma[j]), z, get(&layer->beta[j])));
        }
}

void KERNEL(batchnorm_backward)(const struct batchnorm *layer)
{
    const uint32_t n = layer->n, c = layer->c, step = pitch(c);
    const real share = quotient(REAL(1.0), whole((int32_t)n));
    fill(c, layer->dgamma);
    fill(c, layer->dbeta);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c; j++) {
            real d = get(&layer->dy[i * step + j]);
            real z = mul(sub(get(&layer->x[i * step + j]), get(&layer->mean[j])), get(&layer->r[j]));
            put(&layer->dgamma[j], fused(d, z, get(&layer->dgamma[j])));
            put(&layer->dbeta[j], add(d, get(&layer->dbeta[j])));
        }
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < c; j++) {
            real r = get(&layer->r[j]);
            real z = mul(sub(get(&layer->x[i * step + j]), get(&layer->mean[j])), r);
            real lost = mul(share, fused(z, get(&layer->dgamma[j]), get(&layer->dbeta[j])));
            real rest = sub(get(&layer->dy[i * step + j]), lost);
            put(&layer->dx[i * step + j], mul(mul(get(&layer->gamma[j]), r), rest));
        }
}
