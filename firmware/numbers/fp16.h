// fp16 operands, fp32 sums (vfdotpex.s.h): activations and parameters stay in fp32.
#ifndef RVX_NUMBERS_FP16_H
#define RVX_NUMBERS_FP16_H

#define RVX_RELAXED
#include <rvx.h>

#include "single.h"

typedef float wide;
typedef uint16_t operand;
typedef rvx_halfx2 word;
enum { LANES = 2 };

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    return rvx_vfcpka_h_s(at[0], count > 1 ? at[step] : 0.0f);
}

#include "pack.h"

void gemm_fp16(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_fp16(m, n, k, a, bt, c);
}

#endif
