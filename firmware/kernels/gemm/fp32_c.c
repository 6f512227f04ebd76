// C = A * B in fp32, in C: what a compiler makes of 4x4 blocking, for comparison with fp32.S. The
// style of PULP-TrainLib's unrolled products (Nadalini et al., SAMOS 2022): sixteen sums in local
// variables, one loop over k, B as it is in memory, k by n, so that the loop reads along a row of
// B and down four rows of A. What does not fill a block is left to plain loops.
//
// Contract in gemm.h. UNROLL is how many k a turn of the loop takes; 4 is the fastest of those
// measured (docs/bench.md).
#include "gemm.h"

#ifndef UNROLL
#define UNROLL 4
#endif

#define B(l, j) b[(l) * n + (j)]

#define PRAGMA_(text) _Pragma(#text)
#define PRAGMA(text) PRAGMA_(text)

static void block(uint32_t n, uint32_t k, const float *restrict a, const float *restrict b,
                  float *restrict c)
{
    float c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
    float c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
    PRAGMA(GCC unroll UNROLL)
    for (uint32_t l = 0; l < k; l++) {
        float a0 = a[l], a1 = a[k + l], a2 = a[2 * k + l], a3 = a[3 * k + l];
        float b0 = B(l, 0), b1 = B(l, 1), b2 = B(l, 2), b3 = B(l, 3);
        c00 = __builtin_fmaf(a0, b0, c00), c01 = __builtin_fmaf(a0, b1, c01);
        c02 = __builtin_fmaf(a0, b2, c02), c03 = __builtin_fmaf(a0, b3, c03);
        c10 = __builtin_fmaf(a1, b0, c10), c11 = __builtin_fmaf(a1, b1, c11);
        c12 = __builtin_fmaf(a1, b2, c12), c13 = __builtin_fmaf(a1, b3, c13);
        c20 = __builtin_fmaf(a2, b0, c20), c21 = __builtin_fmaf(a2, b1, c21);
        c22 = __builtin_fmaf(a2, b2, c22), c23 = __builtin_fmaf(a2, b3, c23);
        c30 = __builtin_fmaf(a3, b0, c30), c31 = __builtin_fmaf(a3, b1, c31);
        c32 = __builtin_fmaf(a3, b2, c32), c33 = __builtin_fmaf(a3, b3, c33);
    }
    c[0] = c00, c[1] = c01, c[2] = c02, c[3] = c03;
    c += n;
    c[0] = c10, c[1] = c11, c[2] = c12, c[3] = c13;
    c += n;
    c[0] = c20, c[1] = c21, c[2] = c22, c[3] = c23;
    c += n;
    c[0] = c30, c[1] = c31, c[2] = c32, c[3] = c33;
}

static float element(uint32_t n, uint32_t k, const float *a, const float *b)
{
    float sum = 0;
    for (uint32_t l = 0; l < k; l++)
        sum = __builtin_fmaf(a[l], B(l, 0), sum);
    return sum;
}

void gemm_fp32_c(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *b, float *c)
{
    const uint32_t rows = m & ~3u, columns = n & ~3u;
    for (uint32_t i = 0; i < rows; i += 4)
        for (uint32_t j = 0; j < columns; j += 4)
            block(n, k, &a[i * k], &B(0, j), &c[i * n + j]);
    for (uint32_t i = 0; i < m; i++)
        for (uint32_t j = i < rows ? columns : 0; j < n; j++)
            c[i * n + j] = element(n, k, &a[i * k], &B(0, j));
}
