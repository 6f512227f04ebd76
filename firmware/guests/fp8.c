// The FP8 product by `vfdotpex.h.b`, an element at a time.
#include "fp8.h"
#include "rvx.h"

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            rvx_halfx2 sum = {0};
            for (int k = 0; k < WORDS; k++) {
                const rvx_bytex4 *x = (const rvx_bytex4 *)&a[i][k];
                const rvx_bytex4 *y = (const rvx_bytex4 *)&b[j][k];
                sum = rvx_vfdotpex_h_b(sum, *x, *y);
            }
            *(rvx_halfx2 *)&c[i][j] = sum;
        }
}

static uint32_t flags(void)
{
    return rvx_csrrwi(RVX_CSR_fflags, 0);
}
