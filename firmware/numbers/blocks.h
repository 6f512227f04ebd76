// Rows of blocks that have a scale each: `pack_row` and `packed`, for systems that define
//   typedef word, typedef step         LANES elements; what elements are divided by
//   scale_of(most, summary)            the scale word of a block whose largest magnitude is `most`
//   step_of(scale word, summary)
//   rounded(at, apart, count, step)    the word of the first `count` elements (at most LANES) at `at`,
//                                      `at + apart` and so on; the others are zeros
//   store_word(word, to), load_word(from)
//   dequantised(word, i, step)         element i times its step; i is a constant
// and, with HEADER, summary_of(largest magnitude), whose bits are the header's first word.
#ifndef RVX_NUMBERS_BLOCKS_H
#define RVX_NUMBERS_BLOCKS_H

RVX_INLINE real largest_magnitude(uint32_t count, const wide *at, uint32_t apart, real most)
{
    for (; count >= 4; count -= 4, at += 4 * apart) { // in turn: no load is followed by its use
        const real a = at[0], b = at[apart], c = at[2 * apart], d = at[3 * apart];
        most = rvx_famax_s(rvx_famax_s(most, a), b);
        most = rvx_famax_s(rvx_famax_s(most, c), d);
    }
    for (; count; count--, at += apart)
        most = rvx_famax_s(most, *at);
    return most;
}

RVX_INLINE void pack_block(uint32_t count, const wide *from, uint32_t apart, summary of, operand *to)
{
    const uint32_t scale = scale_of(largest_magnitude(count, from, apart, 0.0f), of);
    const step by = step_of(scale, of);
    *to = scale;
    for (; count >= LANES; count -= LANES, from += LANES * apart)
        store_word(rounded(from, apart, LANES, by), to += PANEL);
    if (count)
        store_word(rounded(from, apart, count, by), to + PANEL);
}

RVX_INLINE void pack_row(uint32_t k, const wide *from, uint32_t apart, summary of, operand *to)
{
    for (; k >= BLOCK; k -= BLOCK, from += BLOCK * apart, to += PANEL * (1 + BLOCK / LANES))
        pack_block(BLOCK, from, apart, of, to);
    if (k)
        pack_block(k, from, apart, of, to);
}

#define DEQUANTISE(i)                                                                             \
    if (i < LANES && i < count)                                                                   \
        to[i] = dequantised(from, (i) % LANES, by);

static inline void unrounded(word from, uint32_t count, step by, wide *to)
{
    DEQUANTISE(0)
    DEQUANTISE(1)
    DEQUANTISE(2)
    DEQUANTISE(3)
    DEQUANTISE(4)
    DEQUANTISE(5)
    DEQUANTISE(6)
    DEQUANTISE(7)
}

static inline void unpack_row(uint32_t k, const operand *from, summary of, wide *to)
{
    step by = step_of(0, of);
    for (uint32_t i = 0; i < k; i += LANES, from += PANEL, to += LANES) {
        if (i % BLOCK == 0) {
            by = step_of(*from, of);
            from += PANEL;
        }
        if (k - i >= LANES)
            unrounded(load_word(from), LANES, by, to);
        else
            unrounded(load_word(from), k - i, by, to);
    }
}

#include "panels_rest.h"

RVX_OUTLINE const operand *packed(uint32_t rows, uint32_t k, const wide *x, operand *room)
{
    summary of = summary_of(HEADER ? largest_magnitude(rows * k, x, 1, 0.0f) : 0.0f);
    if (HEADER)
        room[0] = bits_of(of);
    pack_panels(rows, k, x, k, 1, of, room + HEADER);
    return room;
}

// What `packed` made of a rows by k matrix, as fp32 again.
static inline void unpacked(uint32_t rows, uint32_t k, const operand *from, wide *y)
{
    unpack_panels(rows, k, from + HEADER, HEADER ? from_bits(from[0]) : 0.0f, y);
}

// x is k by rows.
RVX_OUTLINE const operand *packed_transposed(uint32_t rows, uint32_t k, const wide *x,
                                             operand *room)
{
    summary of = summary_of(HEADER ? largest_magnitude(rows * k, x, 1, 0.0f) : 0.0f);
    if (HEADER)
        room[0] = bits_of(of);
    pack_panels(rows, k, x, 1, rows, of, room + HEADER);
    return room;
}

#endif
