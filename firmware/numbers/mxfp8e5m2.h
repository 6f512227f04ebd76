// MXFP8, E5M2: the wider range.
#ifndef RVX_NUMBERS_MXFP8E5M2_H
#define RVX_NUMBERS_MXFP8E5M2_H

#define RVX_RELAXED
#include <rvx.h>

typedef rvx_mxe5m2x4 word;
enum { LANES = 4 };
#define ELEMENT e5m2
#define GEMM gemm_mxfp8e5m2
#define WORD_BITS(w) ((w).raw)
#define WORD_OF(bits) {bits}

#include "microscaling.h"

#endif
