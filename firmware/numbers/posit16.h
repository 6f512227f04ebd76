// posit16 operands, exact sums rounded to posit32 (vpqround.s.h): activations and parameters stay in
// posit32, as those of fp16 in fp32.
#ifndef RVX_NUMBERS_POSIT16_H
#define RVX_NUMBERS_POSIT16_H

#include "posit.h"

typedef real wide;
typedef uint16_t operand;
typedef rvx_posit16x2 word;
enum { LANES = 2 };

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    word both = {0};
    both = rvx_vpcvt0_h_s(both, at[0]);
    return count > 1 ? rvx_vpcvt1_h_s(both, at[step]) : both;
}

#include "pack.h"
#include "product.h"

#endif
