// A rows by k matrix in fp32 to the packed form that products take, and back: for the systems whose
// operands are more than an array of rounded elements (firmware/numbers/panels.h). y of a
// quantisation has room for packed_bytes(rows, k).
#include "kernel.h"

void KERNEL(quantize)(uint32_t rows, uint32_t k, const wide *x, operand *y); // as an activation
void KERNEL(quantize_weight)(uint32_t rows, uint32_t k, const wide *x, operand *y);
void KERNEL(quantize_gradient)(uint32_t rows, uint32_t k, const wide *x, operand *y);
void KERNEL(quantize_gradient_transposed)(uint32_t rows, uint32_t k, const wide *x, operand *y);

void KERNEL(dequantize)(uint32_t rows, uint32_t k, const operand *x, wide *y);
