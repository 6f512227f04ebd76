// VS-Quant in 8 bits: vectors of 64, the length of the chip (Keller et al. 2023), with scales of 4
// bits: a sum of products then stays below 2^31 up to k = 591, whatever they are. So few bits are
// rounded up, for no integer to be clipped.
#ifndef RVX_NUMBERS_VSQ8_H
#define RVX_NUMBERS_VSQ8_H

#include <rvx.h>

enum { LANES = 4, BLOCK = 64, MOST = 127, SCALE_MOST = 15 };
#define VSQ_GEMM gemm_vsq8
#define quantised(to, x, by, i) rvx_vsqq_b(to, x, by, i)

typedef rvx_vsq8x4 word;

static inline uint32_t vector_scale(float most, float unit)
{
    enum { NEAREST = 0, UP = 3 };
    rvx_csrrwi(RVX_CSR_frm, UP);
    const uint32_t scale = rvx_vsqscale_b_4(most, unit);
    rvx_csrrwi(RVX_CSR_frm, NEAREST);
    return scale;
}

#include "vsquant.h"

#endif
