// Training in four bits after Sun et al. (NeurIPS 2020): INT4 (four_bits.h), gradients in FP4 1-3-0
// of radix 4 with two-phase rounding: on the even powers of two as they lie, for the gradient of the
// input, and on the odd ones transposed, for that of the weights. They are scaled by a power of two
// that takes the largest to (2^5, 2^6], the rule of GradScale being unpublished.
#ifndef RVX_NUMBERS_IBM4_H
#define RVX_NUMBERS_IBM4_H

#include <rvx.h>

#include "single.h"

#define GRADIENT_WORD rvx_r4x8
#define gradient(to, x, scale, i) rvx_r4q(to, x, scale, i)

#define gradient_value(word, i, unit) rvx_r4dq(0.0f, word, unit, i)

// The exponent e for which `most` 2^e is in (2^5, 2^6], but at most 126.
static inline int32_t gradient_exponent(real most)
{
    real significand;
    if (most == 0.0f)
        return 0;
    const int32_t exponent = split(most, &significand);
    const int32_t e = 6 - exponent - (significand != 1.0f);
    return e < 126 ? e : 126;
}

static inline real gradient_scale(real most) { return scaled(1.0f, gradient_exponent(most)); }
static inline real gradient_unit(real most) { return scaled(1.0f, -gradient_exponent(most)); }
#define begin_gradient(kind) rvx_csrrw(RVX_CSR_r4phase, (kind) == GRADIENTS_TRANSPOSED)

#include "four_bits.h"

void gemm_ibm4(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);
void gemm_gradient_ibm4(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                        wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_ibm4(m, n, k, a, bt, c);
}

static inline void product_gradient(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c)
{
    gemm_gradient_ibm4(m, n, k, a, bt, c);
}

#endif
