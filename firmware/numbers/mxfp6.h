// MXFP6, E2M3 in the low bits of bytes: the default of the two.
#ifndef RVX_NUMBERS_MXFP6_H
#define RVX_NUMBERS_MXFP6_H

#define RVX_RELAXED
#include <rvx.h>

typedef float word;
enum { LANES = 4 };
#define ELEMENT e2m3
#define GEMM gemm_mxfp6
#define WORD_BITS(w) (w)
#define WORD_OF(bits) (bits)

#include "microscaling.h"

#endif
