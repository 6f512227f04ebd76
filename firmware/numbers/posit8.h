// posit8 operands, exact sums rounded to posit16 (vpqround.h.b) and storage in it, as FP8 has fp16;
// arithmetic in posit32.
#ifndef RVX_NUMBERS_POSIT8_H
#define RVX_NUMBERS_POSIT8_H

#include "posit.h"

typedef uint16_t wide;
typedef uint8_t operand;
typedef rvx_posit8x4 word;
enum { LANES = 4 };

static inline real get(const wide *at) { return rvx_vpcvt0_s_h(rvx_posit16x2_from_bits(*at)); }
static inline void put(wide *at, real value)
{
    rvx_posit16x2 low = {0};
    *at = (uint16_t)rvx_posit16x2_to_bits(rvx_vpcvt0_h_s(low, value));
}
static inline uint32_t pitch(uint32_t columns) { return (columns + 1) & ~1u; }

static inline rvx_posit16x2 pair(const wide *at, uint32_t step, uint32_t count)
{
    uint32_t bits = count > 0 ? at[0] : 0;
    return rvx_posit16x2_from_bits(count > 1 ? bits | (uint32_t)at[step] << 16 : bits);
}

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    word low = {0};
    low = rvx_vpcvt0_b_h(low, pair(at, step, count));
    return rvx_vpcvt1_b_h(low, pair(&at[2 * step], step, count > 2 ? count - 2 : 0));
}

#include "pack.h"
#include "product.h"

#endif
