// The posit32 product by Xposit: loads, `qmadd.s`, `qround.s`.
#include "posit.h"
#include "rvx.h"

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            rvx_qclr_s();
            for (int k = 0; k < SIZE; k++) {
                rvx_plw(0, &a[i][k], 0);
                rvx_plw(1, &b[j][k], 0);
                rvx_qmadd_s(0, 1);
            }
            rvx_qround_s(2);
            rvx_psw(2, &c[i][j], 0);
        }
}
