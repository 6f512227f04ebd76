// MXFP8 without its instruction: elements by shift and mask, scales folded in, then fp32 (mxgemm.h).
#ifndef RVX_KERNELS_MX_BITS_H
#define RVX_KERNELS_MX_BITS_H

#include "software.h"

// The exponent field of fp32 counts from 127, that of E4M3 from 7. NaNs are not told apart.
static inline float single_of(uint32_t byte) { return from_bits(byte << 20 & 0x87f00000); }

static inline void decode_block(uint32_t count, const uint8_t *from, uint32_t scale, float *to)
{
    const float factor = from_bits((scale + 120) << 23);
    uint32_t i = 0;
#pragma GCC unroll 8
    for (; i + 4 <= count; i += 4) { // in turn, as a load is not to be followed by its use
        const uint32_t a = (uint32_t)(int8_t)from[i], b = (uint32_t)(int8_t)from[i + 1];
        const uint32_t c = (uint32_t)(int8_t)from[i + 2], d = (uint32_t)(int8_t)from[i + 3];
        const float e = single_of(a), f = single_of(b), g = single_of(c), h = single_of(d);
        to[i] = e * factor;
        to[i + 1] = f * factor;
        to[i + 2] = g * factor;
        to[i + 3] = h * factor;
    }
    for (; i < count; i++)
        to[i] = single_of((uint32_t)(int8_t)from[i]) * factor;
}

static inline void software_product(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c, wide *room)
{
    wide *room_a = room, *room_b = room + m * k;
    DECODE(m, k, a, room_a, decode_block);
    DECODE(n, k, bt, room_b, decode_block);
    gemm_fp32(m, n, k, room_a, room_b, c);
}

#endif
