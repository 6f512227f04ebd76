// fp32 throughout: the baseline. Contraction is the compiler's; `fused` asks for it.
#ifndef RVX_NUMBERS_FP32_H
#define RVX_NUMBERS_FP32_H

#include "single.h"

typedef float wide;
typedef float operand;

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

void gemm_fp32(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

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
