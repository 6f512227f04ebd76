// Convolution of an image x[h][w][c] with `filters` filters w[filter][kh][kw][c]: y[position][filter].
//
//   forward  y = im2col(x) w'      weight  dw = dy' im2col(x)      input  dx = col2im(dy w)
//
// As products over im2col (layout.h); `columns` has room for positions x (kh kw c) elements, `room`
// as in training.h for the product's sizes.
#include "../layout/layout.h"

struct conv2d {
    struct window window;
    uint32_t filters;
    const wide *x, *w, *dy;
    wide *y, *dw, *dx;
    wide *columns;
    operand *room[2];
};

void KERNEL(conv2d_forward)(const struct conv2d *layer);
void KERNEL(conv2d_weight_gradient)(const struct conv2d *layer);
void KERNEL(conv2d_input_gradient)(const struct conv2d *layer);
