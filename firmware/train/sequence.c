// Layers over the tokens of a text: embeddings and causal self-attention with one head.
#include "attention/attention.h"
#include "products.h"
#include "scaling/scaling.h"

void embedding_forward(struct network *net, struct layer_of *at, uint32_t samples)
{
    const uint32_t step = pitch(at->out);
    wide *y = at->y;
    const int32_t *token = net->tokens;
    for (uint32_t i = 0; i < samples; i++)
        for (uint32_t row = 0; row < at->rows; row++, token++, y += step) {
            const wide *symbol = at->parts[0].w + (uint32_t)*token * step;
            const wide *position = at->parts[1].w + row * step;
            for (uint32_t j = 0; j < at->out; j++)
                put(&y[j], add(get(&symbol[j]), get(&position[j])));
        }
}

void embedding_backward(struct network *net, struct layer_of *at, uint32_t samples)
{
    const uint32_t step = pitch(at->out);
    for (uint32_t k = 0; k < 2; k++)
        for (uint32_t i = 0; i < at->parts[k].rows * step; i++)
            put(&at->parts[k].dw[i], REAL(0.0));
    const wide *dy = at->dy;
    const int32_t *token = net->tokens;
    for (uint32_t i = 0; i < samples; i++)
        for (uint32_t row = 0; row < at->rows; row++, token++, dy += step) {
            wide *symbol = at->parts[0].dw + (uint32_t)*token * step;
            wide *position = at->parts[1].dw + row * step;
            for (uint32_t j = 0; j < at->out; j++) {
                real slope = get(&dy[j]);
                put(&symbol[j], add(get(&symbol[j]), slope));
                put(&position[j], add(get(&position[j]), slope));
            }
        }
}

// The products that make q, k and v of the rows, and their gradients.
static struct layer projection(struct layer_of *at, uint32_t which, uint32_t rows, wide *dx)
{
    return (struct layer){
        .batch = rows, .in = at->in, .out = at->in,
        .x = at->x, .w = at->parts[which].w, .dy = at->own[3 + which],
        .y = at->own[which], .dx = dx, .dw = at->parts[which].dw,
    };
}

// The head over the tokens of one sample.
static struct attention head_of(struct network *net, struct layer_of *at, uint32_t sample,
                                const wide *scale)
{
    const uint32_t skip = sample * area(at->rows, at->in);
    return (struct attention){
        .n = at->rows, .d = at->in,
        .q = at->own[0] + skip, .k = at->own[1] + skip, .v = at->own[2] + skip, .scale = scale,
        .p = at->own[6] + sample * area(at->rows, at->rows), .y = at->y + skip,
        .dy = at->dy + skip, .ds = at->own[7],
        .dq = at->own[3] + skip, .dk = at->own[4] + skip, .dv = at->own[5] + skip,
        .room = {net->room[0], net->room[1]},
    };
}

static wide attention_scale(const struct layer_of *at)
{
    return stored(quotient(REAL(1.0), root(whole((int32_t)at->in))));
}

void attention_layer_forward(struct network *net, struct layer_of *at, uint32_t samples)
{
    for (uint32_t i = 0; i < 3; i++) {
        struct layer layer = projection(at, i, samples * at->rows, 0);
        scaled_forward(net, &layer);
    }
    const wide scale = attention_scale(at);
    for (uint32_t i = 0; i < samples; i++) {
        struct attention head = head_of(net, at, i, &scale);
        KERNEL(attention_forward)(&head);
    }
}

void attention_layer_backward(struct network *net, struct layer_of *at, uint32_t samples)
{
    const uint32_t rows = samples * at->rows;
    const wide scale = attention_scale(at), one = stored(REAL(1.0));
    for (uint32_t i = 0; i < samples; i++) {
        struct attention head = head_of(net, at, i, &scale);
        KERNEL(attention_backward)(&head);
    }
    for (uint32_t i = 0; i < 3; i++) {
        struct layer layer = projection(at, i, rows, 0);
        scaled_weight_gradient(net, &layer);
        // The first share goes where it belongs, the others by way of q, which is read no more.
        layer = projection(at, i, rows, i ? at->own[0] : at->dx);
        scaled_input_gradient(net, &layer);
        if (i)
            KERNEL(axpy)(area(rows, at->in), &one, at->own[0], at->dx);
    }
}
