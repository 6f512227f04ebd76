// FP8 operands (E5M2), fp16 sums (vfdotpex.h.b) and storage; arithmetic in single precision.
#ifndef RVX_NUMBERS_FP8_H
#define RVX_NUMBERS_FP8_H

#define RVX_RELAXED
#include <rvx.h>

#include "single.h"

typedef uint16_t wide;
typedef uint8_t operand;
typedef rvx_bytex4 word;
enum { LANES = 4 };

static inline real get(const wide *at) { return rvx_fcvt_s_h(rvx_flh(at, 0)); }
static inline void put(wide *at, real value) { rvx_fsh(rvx_fcvt_h_s(value).raw, at, 0); }
static inline uint32_t pitch(uint32_t columns) { return (columns + 1) & ~1u; }

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    real x[LANES] = {get(at)};
    for (uint32_t i = 1; i < LANES; i++)
        x[i] = i < count ? get(&at[i * step]) : 0.0f;
    word low = {0};
    return rvx_vfcpkb_b_s(rvx_vfcpka_b_s(low, x[0], x[1]), x[2], x[3]);
}

#include "pack.h"

void gemm_fp8(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    gemm_fp8(m, n, k, a, bt, c);
}

#endif
