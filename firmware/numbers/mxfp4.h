// MXFP4, E2M1.
#ifndef RVX_NUMBERS_MXFP4_H
#define RVX_NUMBERS_MXFP4_H

#define RVX_RELAXED
#include <rvx.h>

typedef rvx_e2m1x8 word;
enum { LANES = 8 };
#define ELEMENT e2m1
#define GEMM gemm_mxfp4
#define WORD_BITS(w) ((w).raw)
#define WORD_OF(bits) {bits}

#include "microscaling.h"

#endif
