// Training in four bits after Chmiel et al., "Accurate Neural Training with 4-bit Matrix
// Multiplications at Standard Formats": INT4 (four_bits.h), gradients in FP4 1-3-0 of radix 2,
// rounded stochastically between powers, and between zero and the least (LUQ). The largest becomes the
// largest power, 2^3; each quantisation of a gradient draws anew.
#ifndef RVX_NUMBERS_LUQ4_H
#define RVX_NUMBERS_LUQ4_H

#define RVX_RELAXED
#include <rvx.h>

#include "single.h"

#define GRADIENT_WORD rvx_luq4x8
#define gradient(to, x, scale, i) rvx_r2qs(to, x, scale, i)

#define gradient_value(word, i, unit) rvx_r2dq(0.0f, word, unit, i)

// Below, `scale` would not be a number.
#define GRADIENT_LEAST 1e-30f

static inline real gradient_scale(real most)
{
    return 8.0f / (most < GRADIENT_LEAST ? GRADIENT_LEAST : most);
}

static inline real gradient_unit(real most)
{
    return (most < GRADIENT_LEAST ? GRADIENT_LEAST : most) / 8.0f;
}

#define begin_gradient(kind) (void)(kind)

#include "four_bits.h"

void gemm_luq4(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);
void gemm_gradient_luq4(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                        wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_luq4(m, n, k, a, bt, c);
}

static inline void product_gradient(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c)
{
    gemm_gradient_luq4(m, n, k, a, bt, c);
}

#endif
