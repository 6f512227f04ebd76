// MXFP8 without its instruction: a table of elements, scales folded in, then fp32 (mxgemm.h).
#ifndef RVX_KERNELS_MX_TABLE_H
#define RVX_KERNELS_MX_TABLE_H

#include "e4m3_table.h"
#include "software.h"

static inline void decode_block(uint32_t count, const uint8_t *from, uint32_t scale, float *to)
{
    const float factor = from_bits(scale << 23);
    uint32_t i = 0;
#pragma GCC unroll 8
    for (; i + 4 <= count; i += 4) { // in turn, as a load is not to be followed by its use
        const float *a = &e4m3_table[from[i]], *b = &e4m3_table[from[i + 1]];
        const float *c = &e4m3_table[from[i + 2]], *d = &e4m3_table[from[i + 3]];
        const float e = *a, f = *b, g = *c, h = *d;
        to[i] = e * factor;
        to[i + 1] = f * factor;
        to[i + 2] = g * factor;
        to[i + 3] = h * factor;
    }
    for (; i < count; i++)
        to[i] = e4m3_table[from[i]] * factor;
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
