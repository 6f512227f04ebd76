// MXFP8, E4M3: the default of the two.
#ifndef RVX_NUMBERS_MXFP8_H
#define RVX_NUMBERS_MXFP8_H

#define RVX_RELAXED
#include <rvx.h>

typedef rvx_mxe4m3x4 word;
enum { LANES = 4 };
#define ELEMENT e4m3
#define GEMM gemm_mxfp8
#define WORD_BITS(w) ((w).raw)
#define WORD_OF(bits) {bits}

#include "microscaling.h"

#endif
