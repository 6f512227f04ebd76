// The product of gemm.h, in the program of the number system.
#ifndef RVX_NUMBERS_PRODUCT_H
#define RVX_NUMBERS_PRODUCT_H

void KERNEL(gemm)(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt, wide *c);

static inline void product(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                           wide *c)
{
    KERNEL(gemm)(m, n, k, a, bt, c);
#ifdef END_PRODUCT
    END_PRODUCT();
#endif
}

#endif
