// Products that take what is stored, a word an element: nothing to pack.
#ifndef RVX_NUMBERS_WORDS_H
#define RVX_NUMBERS_WORDS_H

#include <stdint.h>

typedef real wide;
typedef wide operand;

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

#include "product.h"

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
