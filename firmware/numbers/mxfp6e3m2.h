// MXFP6, E3M2: the wider range.
#ifndef RVX_NUMBERS_MXFP6E3M2_H
#define RVX_NUMBERS_MXFP6E3M2_H

#define RVX_RELAXED
#include <rvx.h>

typedef float word;
enum { LANES = 4 };
#define ELEMENT e3m2
#define GEMM gemm_mxfp6e3m2
#define WORD_BITS(w) (w)
#define WORD_OF(bits) (bits)

#include "microscaling.h"

#endif
