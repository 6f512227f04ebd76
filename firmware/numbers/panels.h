// Packed matrices in panels, what gemm/panel.S takes: four rows side by side along k, so that a tile
// of a product reads each operand from one place. Rows that the last panel lacks are zeros.
//
//   HEADER words of the whole matrix, then a panel after the other; in it, for each block of k
//   one scale word of each row (if SCALES is 1), then the elements, for each LANES of k one word of
//   each row. The last block ends with its last word, whose missing elements are zeros.
//
// A system defines the constants HEADER, SCALES, LANES and BLOCK (elements), and before it includes
// panels_rest.h:
//   typedef summary    what quantising a row needs to know of the whole matrix
//   pack_row(k, from, step, summary, to)    k elements, `step` apart, to a row of a panel
//   unpack_row(k, from, summary, to)        a row of a panel to k elements
#ifndef RVX_NUMBERS_PANELS_H
#define RVX_NUMBERS_PANELS_H

#include "single.h"

typedef float wide;
typedef uint32_t __attribute__((__may_alias__)) operand; // words, of whatever they hold

enum { PANEL = 4 };

// What is inlined, for steps of 1 to be seen, and what is not, for that to happen once.
#define RVX_INLINE static inline __attribute__((__always_inline__))
#define RVX_OUTLINE static __attribute__((__noinline__, __unused__))

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

static inline uint32_t bits_of(real x)
{
    union {
        real value;
        uint32_t bits;
    } both = {x};
    return both.bits;
}

static inline real from_bits(uint32_t bits)
{
    union {
        uint32_t bits;
        real value;
    } both = {bits};
    return both.value;
}

static inline uint32_t panel_words(uint32_t k)
{
    return PANEL * (SCALES * ((k + BLOCK - 1) / BLOCK) + (k + LANES - 1) / LANES);
}

static inline uint32_t packed_bytes(uint32_t rows, uint32_t k)
{
    return 4 * (HEADER + (rows + PANEL - 1) / PANEL * panel_words(k));
}
#define packed_bytes packed_bytes

#endif
