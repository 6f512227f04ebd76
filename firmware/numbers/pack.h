// How `packed` goes over a matrix, for systems whose operands are words of LANES rounded elements.
// They define `word`, LANES, and `rounded(at, step, count)`: the word of the first `count` elements
// (at most LANES) at `at`, `at + step` and so on; the others are zeros. Where that takes a mode, they
// also define BEGIN_PACKING() and END_PACKING().
#ifndef RVX_NUMBERS_PACK_H
#define RVX_NUMBERS_PACK_H

#ifndef BEGIN_PACKING
#define BEGIN_PACKING() (void)0
#define END_PACKING() (void)0
#endif

static inline void pack_row(uint32_t k, const wide *from, uint32_t step, word *to)
{
    uint32_t j = 0;
    for (; j + LANES <= k; j += LANES, from += LANES * step)
        *to++ = rounded(from, step, LANES);
    if (j < k)
        *to = rounded(from, step, k - j);
}

static inline const operand *packed(uint32_t rows, uint32_t k, const wide *x, operand *room)
{
    const uint32_t words = (k + LANES - 1) / LANES;
    word *to = (word *)room;
    BEGIN_PACKING();
    for (uint32_t i = 0; i < rows; i++, x += pitch(k), to += words)
        pack_row(k, x, 1, to);
    END_PACKING();
    return room;
}

// x is k by rows.
static inline const operand *packed_transposed(uint32_t rows, uint32_t k, const wide *x,
                                               operand *room)
{
    const uint32_t words = (k + LANES - 1) / LANES;
    word *to = (word *)room;
    BEGIN_PACKING();
    for (uint32_t i = 0; i < rows; i++, x++, to += words)
        pack_row(k, x, pitch(rows), to);
    END_PACKING();
    return room;
}

#endif
