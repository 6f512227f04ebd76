// FP8 operands, fp16 sums (vfdotpex.h.b) and storage; arithmetic in single precision. ALT, 0 or 1, is
// the format of operands as the format-select CSR has it: E5M2 or FP8alt, which is IEEE-style E4M3.
#ifndef RVX_NUMBERS_BYTES_H
#define RVX_NUMBERS_BYTES_H

#include "minifloat.h"
#include "single.h"

typedef uint16_t wide;
typedef uint8_t operand;
enum { LANES = __riscv_flen / 8 };

static inline real get(const wide *at) { return rvx_fcvt_s_h(rvx_flh(at, 0)); }
static inline void put(wide *at, real value) { rvx_fsh(rvx_fcvt_h_s(value).raw, at, 0); }
static inline uint32_t pitch(uint32_t columns) { return (columns + 1) & ~1u; }

#if __riscv_flen == 32
typedef rvx_bytex4 word;

static inline word filled(const real x[LANES])
{
    word low = {0};
    return rvx_vfcpkb_b_s(rvx_vfcpka_b_s(low, x[0], x[1]), x[2], x[3]);
}
#else
typedef rvx_bytex8 word;

static inline word filled(const real x[LANES])
{
    word low = {0};
    low = rvx_vfcpkb_b_s(rvx_vfcpka_b_s(low, x[0], x[1]), x[2], x[3]);
    return rvx_vfcpkd_b_s(rvx_vfcpkc_b_s(low, x[4], x[5]), x[6], x[7]);
}
#endif

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    real x[LANES] = {get(at)};
    for (uint32_t i = 1; i < LANES; i++)
        x[i] = i < count ? get(&at[i * step]) : 0.0f;
    return filled(x);
}

#include "pack.h"
#include "product.h"

#endif
