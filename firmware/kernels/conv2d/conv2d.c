#include "conv2d.h"

#include "../gemm/training.h"

// The layer whose products these are: a row of its input is a row of im2col.
static struct layer as_layer(const struct conv2d *conv)
{
    const struct window *by = &conv->window;
    return (struct layer){
        .batch = window_rows(by) * window_columns(by),
        .in = by->kh * by->kw * by->c,
        .out = conv->filters,
        .x = conv->columns,
        .w = conv->w,
        .dy = conv->dy,
        .y = conv->y,
        .dx = conv->columns,
        .dw = conv->dw,
        .room = {conv->room[0], conv->room[1]},
    };
}

void KERNEL(conv2d_forward)(const struct conv2d *conv)
{
    struct layer layer = as_layer(conv);
    KERNEL(im2col)(&conv->window, conv->x, conv->columns);
    KERNEL(forward)(&layer);
}

void KERNEL(conv2d_weight_gradient)(const struct conv2d *conv)
{
    struct layer layer = as_layer(conv);
    KERNEL(im2col)(&conv->window, conv->x, conv->columns);
    KERNEL(weight_gradient)(&layer);
}

void KERNEL(conv2d_input_gradient)(const struct conv2d *conv)
{
    struct layer layer = as_layer(conv);
    KERNEL(input_gradient)(&layer);
    KERNEL(col2im)(&conv->window, conv->columns, conv->dx);
}
