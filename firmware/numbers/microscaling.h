// OCP Microscaling Formats 1.0: blocks of 32 elements share a power of two, sums are fp32
// (`mxdot.s`); activations, gradients and parameters stay in fp32. A header of one of them says which
// element it is by ELEMENT, GEMM, LANES and `word`. The scale byte of a row lies at both ends
// of its word: where the scale of A has to be, and where B's.
#ifndef RVX_NUMBERS_MICROSCALING_H
#define RVX_NUMBERS_MICROSCALING_H

enum { HEADER = 0, SCALES = 1, BLOCK = 32 };

#include "panels.h"

#define RVX_MX_JOIN_(a, b) a##_##b
#define RVX_MX_JOIN(a, b) RVX_MX_JOIN_(a, b)

typedef real summary; // none: blocks are on their own
typedef uint32_t step;

static inline summary summary_of(real most) { return most; }

static inline uint32_t scale_of(real most, summary of)
{
    (void)of;
    return RVX_MX_JOIN(rvx_mxscale, ELEMENT)(most).raw * 0x01000001u;
}

static inline step step_of(uint32_t scale, summary of)
{
    (void)of;
    return scale;
}

#define RVX_MX_QUANTISE(i)                                                                        \
    if (i < LANES && i < count)                                                                   \
        to = RVX_MX_JOIN(rvx_mxq, ELEMENT)(to, at[(i) * apart], by, (i) % LANES);

RVX_INLINE word rounded(const wide *at, uint32_t apart, uint32_t count, step by)
{
    word to = {0};
    RVX_MX_QUANTISE(0)
    RVX_MX_QUANTISE(1)
    RVX_MX_QUANTISE(2)
    RVX_MX_QUANTISE(3)
    RVX_MX_QUANTISE(4)
    RVX_MX_QUANTISE(5)
    RVX_MX_QUANTISE(6)
    RVX_MX_QUANTISE(7)
    return to;
}

static inline void store_word(word from, operand *to) { *(rvx_alias_float *)to = WORD_BITS(from); }

static inline word load_word(const operand *from)
{
    return (word)WORD_OF(*(const rvx_alias_float *)from);
}

#define dequantised(from, i, by) RVX_MX_JOIN(rvx_mxdq, ELEMENT)(0.0f, from, by, i)

#include "blocks.h"

void GEMM(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    GEMM(m, n, k, a, bt, c);
}

#endif
