// Depthwise convolution: channel by channel, x[h][w][c] with w[kh][kw][c], y[position][c].
#include "../layout/layout.h"

struct depthwise {
    struct window window;
    const wide *x, *w, *dy;
    wide *y, *dx, *dw;
};

void KERNEL(depthwise_forward)(const struct depthwise *layer);
void KERNEL(depthwise_weight_gradient)(const struct depthwise *layer);
void KERNEL(depthwise_input_gradient)(const struct depthwise *layer);
