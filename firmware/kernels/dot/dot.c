// Corners of the matrix product: one element of C, and one row of it, y' = x' A', whose elements lie
// one after the other and are summed four at a time, so that a word of x is loaded once for four.
#include "dot.h"

void KERNEL(dot)(uint32_t n, const operand *x, const operand *y, wide *z)
{
    product(1, 1, n, x, y, z);
}

void KERNEL(matvec)(uint32_t m, uint32_t k, const operand *a, const operand *x, wide *y)
{
    product(1, m, k, x, a, y);
}
