// VS-Quant (Dai et al. 2021), for inference: vectors of BLOCK signed integers along k share an
// unsigned integer scale, the whole matrix one in fp32; sums are exact. Tensors stay in fp32, and what
// takes part in a backward product is fp32 as well. A header of one of them defines LANES, BLOCK, MOST
// (the largest integer), SCALE_MOST, VSQ_GEMM, `word`, `vector_scale(most, unit)` and
// `quantised(to, x, step, i)` with element i of `to` replaced.
#ifndef RVX_NUMBERS_VSQUANT_H
#define RVX_NUMBERS_VSQUANT_H

#include "roles.h"

enum { HEADER = 1, SCALES = 1 };

#include "panels.h"

typedef real summary; // the unit of scales
typedef real step;

static inline summary summary_of(real most)
{
    const real unit = most / (real)(MOST * SCALE_MOST);
    return unit == 0.0f ? 1.0f : unit;
}

// Where the scale of B has to be; a half-word load puts that of A into place.
static inline uint32_t scale_of(real most, summary unit) { return vector_scale(most, unit) << 16; }

static inline step step_of(uint32_t scale, summary unit) { return rvx_vsqstep(scale >> 16, unit); }

#define QUANTISE(i)                                                                               \
    if (i < LANES && i < count)                                                                   \
        to = quantised(to, at[(i) * apart], by, (i) % LANES);

RVX_INLINE word rounded(const wide *at, uint32_t apart, uint32_t count, step by)
{
    word to = {0};
    QUANTISE(0)
    QUANTISE(1)
    QUANTISE(2)
    QUANTISE(3)
    QUANTISE(4)
    QUANTISE(5)
    QUANTISE(6)
    QUANTISE(7)
    return to;
}

static inline void store_word(word from, operand *to) { *to = from.raw; }

static inline word load_word(const operand *from) { return (word){*from}; }

enum { ELEMENT_BITS = 32 / LANES };
#define dequantised(from, i, by)                                                                  \
    mul(whole((int32_t)((from).raw << (32 - ELEMENT_BITS - (i)*ELEMENT_BITS)) >>                  \
              (32 - ELEMENT_BITS)),                                                               \
        by)

#include "blocks.h"

void VSQ_GEMM(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);
void gemm_fp32(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *bt, float *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    VSQ_GEMM(m, n, k, a, bt, c);
}

static inline uint32_t room_bytes(uint32_t rows, uint32_t k)
{
    const uint32_t panels = packed_bytes(rows, k), singles = rows * k * sizeof(wide);
    return panels < singles ? singles : panels;
}
#define packed_bytes room_bytes

static inline int is_backward(enum role role) { return role >= GRADIENT; }

static inline const operand *packed_as(enum role role, uint32_t rows, uint32_t k, const wide *x,
                                       operand *room)
{
    return is_backward(role) ? (const operand *)x : packed(rows, k, x, room);
}

static inline const operand *packed_as_transposed(enum role role, uint32_t rows, uint32_t k,
                                                  const wide *x, operand *room)
{
    if (!is_backward(role))
        return packed_transposed(rows, k, x, room);
    wide *to = (wide *)room;
    for (uint32_t i = 0; i < rows; i++, x++) {
        const wide *from = x;
#pragma GCC unroll 4
        for (uint32_t j = 0; j < k; j++, from += rows)
            *to++ = *from;
    }
    return room;
}

static inline void product_gradient(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c)
{
    gemm_fp32(m, n, k, (const float *)a, (const float *)bt, c);
}
#define packed_as packed_as

#endif
