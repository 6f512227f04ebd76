#include "quantize.h"

void KERNEL(quantize)(uint32_t rows, uint32_t k, const wide *x, operand *y)
{
    packed_as(ACTIVATION, rows, k, x, y);
}

void KERNEL(quantize_weight)(uint32_t rows, uint32_t k, const wide *x, operand *y)
{
    packed_as(WEIGHT, rows, k, x, y);
}

void KERNEL(quantize_gradient)(uint32_t rows, uint32_t k, const wide *x, operand *y)
{
    packed_as(GRADIENT, rows, k, x, y);
}

// x is k by rows.
void KERNEL(quantize_gradient_transposed)(uint32_t rows, uint32_t k, const wide *x, operand *y)
{
    packed_as_transposed(GRADIENT, rows, k, x, y);
}

void KERNEL(dequantize)(uint32_t rows, uint32_t k, const operand *x, wide *y)
{
    unpacked(rows, k, x, y);
}
