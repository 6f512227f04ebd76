// MXFP8 without its instruction: a table of elements, then a product for each block of k and its
// scales (mxgemm.h).
#ifndef RVX_KERNELS_MX_BLOCKS_H
#define RVX_KERNELS_MX_BLOCKS_H

#include "e4m3_table.h"
#include "software.h"

static inline void decode_block(uint32_t count, const uint8_t *from, float *to)
{
    uint32_t i = 0;
#pragma GCC unroll 8
    for (; i + 4 <= count; i += 4) { // in turn, as a load is not to be followed by its use
        const float *a = &e4m3_table[from[i]], *b = &e4m3_table[from[i + 1]];
        const float *c = &e4m3_table[from[i + 2]], *d = &e4m3_table[from[i + 3]];
        const float e = *a, f = *b, g = *c, h = *d;
        to[i] = e;
        to[i + 1] = f;
        to[i + 2] = g;
        to[i + 3] = h;
    }
    for (; i < count; i++)
        to[i] = e4m3_table[from[i]];
}

// A block of k after the other, each a matrix of its own.
static inline void decode(uint32_t rows, uint32_t k, const uint8_t *x, float *to)
{
    const uint32_t step = row_bytes(k);
    for (uint32_t start = 0; start < k; start += BLOCK) {
        const uint8_t *from = x + start;
        const uint32_t count = k - start < BLOCK ? k - start : BLOCK;
        for (uint32_t i = 0; i < rows; i++, from += step, to += count)
            if (count == BLOCK)
                decode_block(BLOCK, from, to);
            else
                decode_block(count, from, to);
    }
}

// c += sum 2^(a_scale + b_scale - 2 * 127), a row of n; scales of B are `steps` apart.
static inline void add_scaled(uint32_t n, const float *sum, uint32_t a_scale,
                              const uint8_t *b_scale, uint32_t steps, float *c)
{
    const uint32_t bias = a_scale - 127;
    uint32_t j = 0;
    for (; j + 4 <= n; j += 4, b_scale += 4 * steps) {
        const uint32_t s0 = b_scale[0], s1 = b_scale[steps];
        const uint32_t s2 = b_scale[2 * steps], s3 = b_scale[3 * steps];
        const float c0 = c[j], c1 = c[j + 1], c2 = c[j + 2], c3 = c[j + 3];
        c[j] = __builtin_fmaf(sum[j], from_bits((bias + s0) << 23), c0);
        c[j + 1] = __builtin_fmaf(sum[j + 1], from_bits((bias + s1) << 23), c1);
        c[j + 2] = __builtin_fmaf(sum[j + 2], from_bits((bias + s2) << 23), c2);
        c[j + 3] = __builtin_fmaf(sum[j + 3], from_bits((bias + s3) << 23), c3);
    }
    for (; j < n; j++, b_scale += steps)
        c[j] = __builtin_fmaf(sum[j], from_bits((bias + *b_scale) << 23), c[j]);
}

static inline void software_product(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c, wide *room)
{
    wide *room_a = room, *room_b = room_a + m * k, *sums = room_b + n * k;
    const uint32_t steps = scale_bytes(k);
    const uint8_t *a_scale = a + m * row_bytes(k), *b_scale = bt + n * row_bytes(k);
    decode(m, k, a, room_a);
    decode(n, k, bt, room_b);
    for (uint32_t i = 0; i < m * n; i++)
        c[i] = 0.0f;
    for (; k; a_scale++, b_scale++) {
        const uint32_t count = k < BLOCK ? k : BLOCK;
        gemm_fp32(m, n, count, room_a, room_b, sums);
        for (uint32_t i = 0; i < m; i++)
            add_scaled(n, sums + i * n, a_scale[i * steps], b_scale, steps, c + i * n);
        room_a += m * count, room_b += n * count, k -= count;
    }
}

#endif
