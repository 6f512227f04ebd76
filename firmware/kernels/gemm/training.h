// The products of training a layer Y = X W': X is batch by in, W is out by in, Y and dY are batch by
// out, all row-major, each row starting on a word.
//
//   forward  Y = X W'       input  dX = dY W       weight  dW = dY' X
//
// Every product is the one of gemm.h, whose operands run along the sum: what does not is transposed
// as it is packed (rounded to the operands' format, scaled in blocks along the sum), and that is
// part of the kernel. `room` is for packed operands: `packed_bytes` of the number system each.
#include "kernel.h"

struct layer {
    uint32_t batch, in, out;
    const wide *x, *w, *dy;
    wide *y, *dx, *dw;
    operand *room[2];
};

void KERNEL(forward)(const struct layer *layer);
void KERNEL(input_gradient)(const struct layer *layer);
void KERNEL(weight_gradient)(const struct layer *layer);
