// Layer normalisation of rows of n features (Ba, Kiros and Hinton 2016).
//
//   mean, variance over a row (of n, not n - 1); r = 1 / sqrt(variance + epsilon)
//   z = (x - mean) r            y = gamma z + beta
//   backward: g = dy gamma; dx = r (g - mean(g) - z mean(g z));
//             dgamma = sum over rows of dy z; dbeta = sum over rows of dy (both overwritten)
// The forward pass leaves the mean and r of each row in `statistics`, two elements a row.
#include "kernel.h"

struct layernorm {
    uint32_t rows, n;
    const wide *x, *gamma, *beta, *epsilon;
    wide *y, *statistics;
    const wide *dy;
    wide *dx, *dgamma, *dbeta;
};

void KERNEL(layernorm_forward)(const struct layernorm *layer);
void KERNEL(layernorm_backward)(const struct layernorm *layer);
