// What MXFP8 in software shares: where rows and scales are, and how a matrix becomes floats.
#ifndef RVX_KERNELS_MX_SOFTWARE_H
#define RVX_KERNELS_MX_SOFTWARE_H

#define RVX_MX_SOFTWARE

#include "single.h"

typedef float wide;
typedef uint8_t operand;
enum { BLOCK = 32 };

// There is the product alone.
#define packed_bytes
#define packed_as
static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

void gemm_fp32(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *bt, float *c);

static inline uint32_t row_bytes(uint32_t k) { return (k + 3) & ~3u; }
static inline uint32_t blocks_of(uint32_t k) { return (k + BLOCK - 1) / BLOCK; }
static inline uint32_t scale_bytes(uint32_t k) { return (blocks_of(k) + 3) & ~3u; }

static inline real from_bits(uint32_t bits)
{
    union {
        uint32_t bits;
        real value;
    } both = {bits};
    return both.value;
}

// Every block by `decode_block(count, from, scale, to)`, which is inlined for whole ones.
#define DECODE(rows, k, x, to, decode_block)                                                      \
    do {                                                                                          \
        const uint8_t *from = (x), *scale_row = from + (rows)*row_bytes(k);                       \
        float *out = (to);                                                                        \
        for (uint32_t i = 0; i < (rows); i++, scale_row += scale_bytes(k)) {                      \
            const uint8_t *scale = scale_row;                                                     \
            uint32_t left = (k);                                                                  \
            for (; left >= BLOCK; left -= BLOCK, from += BLOCK, out += BLOCK)                     \
                decode_block(BLOCK, from, *scale++, out);                                         \
            if (left)                                                                             \
                decode_block(left, from, *scale, out);                                            \
            from += row_bytes(left), out += left;                                                 \
        }                                                                                         \
    } while (0)

#endif
