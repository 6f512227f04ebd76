// The FP8 product by `vfdotpex.h.b`, 4 x 4 elements at a time in registers.
#include "fp8.h"
#include "rvx.h"

static void multiply(void)
{
    for (int i = 0; i < SIZE; i += 4)
        for (int j = 0; j < SIZE; j += 4) {
            rvx_halfx2 sum[4][4] = {0};
            for (int k = 0; k < WORDS; k++) {
                rvx_bytex4 x[4], y[4];
                for (int m = 0; m < 4; m++) {
                    x[m] = *(const rvx_bytex4 *)&a[i + m][k];
                    y[m] = *(const rvx_bytex4 *)&b[j + m][k];
                }
                for (int m = 0; m < 4; m++)
                    for (int n = 0; n < 4; n++)
                        sum[m][n] = rvx_vfdotpex_h_b(sum[m][n], x[m], y[n]);
            }
            for (int m = 0; m < 4; m++)
                for (int n = 0; n < 4; n++)
                    *(rvx_halfx2 *)&c[i + m][j + n] = sum[m][n];
        }
}

static uint32_t flags(void)
{
    return rvx_csrrwi(RVX_CSR_fflags, 0);
}
