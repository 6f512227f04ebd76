#include "training.h"

void KERNEL(forward)(const struct layer *layer)
{
    const uint32_t batch = layer->batch, in = layer->in, out = layer->out;
    const operand *x = packed_as(ACTIVATION, batch, in, layer->x, layer->room[0]);
    const operand *w = packed_as(WEIGHT, out, in, layer->w, layer->room[1]);
    product(batch, out, in, x, w, layer->y);
}

void KERNEL(input_gradient)(const struct layer *layer)
{
    const uint32_t batch = layer->batch, in = layer->in, out = layer->out;
    const operand *dy = packed_as(GRADIENT, batch, out, layer->dy, layer->room[0]);
    const operand *w = packed_as_transposed(KEPT_WEIGHT, in, out, layer->w, layer->room[1]);
    product_gradient(batch, in, out, dy, w, layer->dx);
}

void KERNEL(weight_gradient)(const struct layer *layer)
{
    const uint32_t batch = layer->batch, in = layer->in, out = layer->out;
    const operand *dy = packed_as_transposed(GRADIENT, out, batch, layer->dy, layer->room[0]);
    const operand *x = packed_as_transposed(KEPT_ACTIVATION, in, batch, layer->x, layer->room[1]);
    product_gradient(out, in, batch, dy, x, layer->dw);
}
