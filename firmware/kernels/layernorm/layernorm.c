#include "layernorm.h"

void KERNEL(layernorm_forward)(const struct layernorm *layer)
{
    const uint32_t n = layer->n, step = pitch(n);
    const wide *x = layer->x;
    wide *y = layer->y, *statistics = layer->statistics;
    const real share = quotient(REAL(1.0), whole((int32_t)n)), epsilon = get(layer->epsilon);
    for (uint32_t row = 0; row < layer->rows; row++, x += step, y += step, statistics += 2) {
        real sum = REAL(0.0), squares = REAL(0.0);
        for (uint32_t i = 0; i < n; i++)
            sum = add(sum, get(&x[i]));
        real mean = mul(sum, share);
        for (uint32_t i = 0; i < n; i++) {
            real distance = sub(get(&x[i]), mean);
            squares = fused(distance, distance, squares);
        }
        real r = quotient(REAL(1.0), root(fused(squares, share, epsilon)));
        for (uint32_t i = 0; i < n; i++) {
            real z = mul(sub(get(&x[i]), mean), r);
            put(&y[i], fused(get(&layer->gamma[i]), z, get(&layer->beta[i])));
        }
        put(&statistics[0], mean);
        put(&statistics[1], r);
    }
}

// A row's share of dgamma and dbeta, and the means of g and of g z.
static inline void gather(const struct layernorm *layer, const wide *x, const wide *dy, real mean,
                          real r, real *mean_g, real *mean_gz)
{
    real sum = REAL(0.0), product = REAL(0.0);
    for (uint32_t i = 0; i < layer->n; i++) {
        real d = get(&dy[i]), z = mul(sub(get(&x[i]), mean), r);
        real g = mul(d, get(&layer->gamma[i]));
        sum = add(sum, g);
        product = fused(g, z, product);
        put(&layer->dgamma[i], fused(d, z, get(&layer->dgamma[i])));
        put(&layer->dbeta[i], add(d, get(&layer->dbeta[i])));
    }
    real share = quotient(REAL(1.0), whole((int32_t)layer->n));
    *mean_g = mul(sum, share);
    *mean_gz = mul(product, share);
}

void KERNEL(layernorm_backward)(const struct layernorm *layer)
{
    const uint32_t n = layer->n, step = pitch(n);
    const wide *x = layer->x, *dy = layer->dy, *statistics = layer->statistics;
    wide *dx = layer->dx;
    for (uint32_t i = 0; i < n; i++) {
        put(&layer->dgamma[i], REAL(0.0));
        put(&layer->dbeta[i], REAL(0.0));
    }
    for (uint32_t row = 0; row < layer->rows;
         row++, x += step, dy += step, dx += step, statistics += 2) {
        real mean = get(&statistics[0]), r = get(&statistics[1]), mean_g, mean_gz;
        gather(layer, x, dy, mean, r, &mean_g, &mean_gz);
        for (uint32_t i = 0; i < n; i++) {
            real z = mul(sub(get(&x[i]), mean), r), g = mul(get(&dy[i]), get(&layer->gamma[i]));
            put(&dx[i], mul(r, sub(g, fused(z, mean_gz, mean_g))));
        }
    }
}
