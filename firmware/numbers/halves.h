// 16-bit operands, fp32 sums (vfdotpex.s.h): activations and parameters stay in fp32. ALT, 0 or 1, is
// the format of operands as the format-select CSR has it: fp16 or bfloat16.
#ifndef RVX_NUMBERS_HALVES_H
#define RVX_NUMBERS_HALVES_H

#include "minifloat.h"
#include "single.h"

typedef float wide;
typedef uint16_t operand;
enum { LANES = __riscv_flen / 16 };

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

#if __riscv_flen == 32
typedef rvx_halfx2 word;

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    return rvx_vfcpka_h_s(at[0], count > 1 ? at[step] : 0.0f);
}
#else
typedef rvx_halfx4 word;

static inline word rounded(const wide *at, uint32_t step, uint32_t count)
{
    real x[LANES] = {at[0]};
    for (uint32_t i = 1; i < LANES; i++)
        x[i] = i < count ? at[i * step] : 0.0f;
    word low = {0};
    return rvx_vfcpkb_h_s(rvx_vfcpka_h_s(low, x[0], x[1]), x[2], x[3]);
}
#endif

#include "pack.h"
#include "product.h"

#endif
