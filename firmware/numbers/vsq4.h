// VS-Quant in 4 bits: vectors of 16, the length of the paper, with scales of 6 bits.
#ifndef RVX_NUMBERS_VSQ4_H
#define RVX_NUMBERS_VSQ4_H

#define RVX_RELAXED
#include <rvx.h>

enum { LANES = 8, BLOCK = 16, MOST = 7, SCALE_MOST = 63 };
#define VSQ_GEMM gemm_vsq4
#define vector_scale(most, unit) rvx_vsqscale_n_6(most, unit)
#define quantised(to, x, by, i) rvx_vsqq_n(to, x, by, i)

typedef rvx_vsq4x8 word;

#include "vsquant.h"

#endif
