#include "training.h"

void KERNEL(forward)(const struct layer *layer)
{
    const operand *x = packed(layer->batch, layer->in, layer->x, layer->room[0]);
    const operand *w = packed(layer->out, layer->in, layer->w, layer->room[1]);
    product(layer->batch, layer->out, layer->in, x, w, layer->y);
}

void KERNEL(input_gradient)(const struct layer *layer)
{
    const operand *dy = packed(layer->batch, layer->out, layer->dy, layer->room[0]);
    const operand *w = packed_transposed(layer->in, layer->out, layer->w, layer->room[1]);
    product(layer->batch, layer->in, layer->out, dy, w, layer->dx);
}

void KERNEL(weight_gradient)(const struct layer *layer)
{
    const operand *dy = packed_transposed(layer->out, layer->batch, layer->dy, layer->room[0]);
    const operand *x = packed_transposed(layer->in, layer->batch, layer->x, layer->room[1]);
    product(layer->out, layer->in, layer->batch, dy, x, layer->dw);
}
