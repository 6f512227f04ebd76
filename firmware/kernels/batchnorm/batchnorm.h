// Batch normalisation of n samples of c channels, x[n][c] (Ioffe and Szegedy 2015); an image's
// positions count as samples.
//
//   mean, variance of a channel over the samples (of n, not n - 1); r = 1 / sqrt(variance + epsilon)
//   z = (x - mean) r            y = gamma z + beta
//   backward: dgamma = sum dy z; dbeta = sum dy; dx = gamma r (dy - dbeta / n - z dgamma / n)
// The forward pass leaves the mean and r of each channel in `mean` and `r`.
#include "kernel.h"

struct batchnorm {
    uint32_t n, c;
    const wide *x, *gamma, *beta, *epsilon;
    wide *y, *mean, *r;
    const wide *dy;
    wide *dx, *dgamma, *dbeta;
};

void KERNEL(batchnorm_forward)(const struct batchnorm *layer);
void KERNEL(batchnorm_backward)(const struct batchnorm *layer);
