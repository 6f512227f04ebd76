// NVFP4: blocks of 16 elements E2M1 share a scale UE4M3, the whole matrix one in fp32; sums are
// fp32 (`nvdot.s`); activations, gradients and parameters stay in fp32.
#ifndef RVX_NUMBERS_NVFP4_H
#define RVX_NUMBERS_NVFP4_H

#define RVX_RELAXED
#include <rvx.h>

enum { HEADER = 1, SCALES = 1, BLOCK = 16, LANES = 8 };

#include "panels.h"

typedef rvx_e2m1x8 word;
typedef real summary; // the scale of the matrix
typedef real step;

// The largest element times the largest scale of a block is the largest magnitude.
static inline summary summary_of(real most)
{
    const real scale = most / (6.0f * 448.0f);
    return scale == 0.0f ? 1.0f : scale;
}

// As in microscaling.h: a copy at both ends of the word.
static inline uint32_t scale_of(real most, summary of)
{
    return rvx_nvscale_s(most, of).raw * 0x01000001u;
}

static inline step step_of(uint32_t scale, summary of) { return rvx_nvstep_s(scale, of); }

#define QUANTISE(i)                                                                               \
    if (i < count)                                                                                \
        to = rvx_nvq_e2m1(to, at[(i) * apart], by, i);

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

static inline void store_word(word from, operand *to) { rvx_e2m1x8_store(to, from); }

static inline word load_word(const operand *from) { return rvx_e2m1x8_load(from); }

// By a scale of 1 of the instruction, as steps have the block's scale already.
#define dequantised(from, i, by) mul(rvx_nvdq_e2m1(0.0f, from, 0x38, i), by)

#include "blocks.h"

void gemm_nvfp4(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_nvfp4(m, n, k, a, bt, c);
}

#endif
