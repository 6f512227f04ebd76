// Products with a vector. Operands are what products take, as in gemm.h: rows on words, padded with
// zeros. Every sum is rounded as an element of gemm's C.
//
//   dot     z = x . y                x, y of n
//   matvec  y = A x                  A is m by k, x of k, y of m
#include "kernel.h"

void KERNEL(dot)(uint32_t n, const operand *x, const operand *y, wide *z);
void KERNEL(matvec)(uint32_t m, uint32_t k, const operand *a, const operand *x, wide *y);
