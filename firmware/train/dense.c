// Layers that are a product with a bias: dense ones, and convolutions over im2col.
#include "products.h"

static void add_bias(uint32_t rows, uint32_t columns, const struct part *bias, wide *y)
{
    const wide *b = bias->w;
    if (!bias->rows)
        return;
    for (uint32_t i = 0; i < rows; i++, y += pitch(columns))
#pragma GCC unroll 4
        for (uint32_t j = 0; j < columns; j++)
            put(&y[j], add(get(&y[j]), get(&b[j])));
}

// A bias takes the sum over rows of dy.
static void bias_gradient(uint32_t rows, uint32_t columns, const wide *dy, const struct part *bias)
{
    wide *db = bias->dw;
    if (!bias->rows)
        return;
    for (uint32_t j = 0; j < columns; j++, dy++) {
        real sum = REAL(0.0);
        const wide *from = dy;
        for (uint32_t i = 0; i < rows; i++, from += pitch(columns))
            sum = add(sum, get(from));
        put(&db[j], sum);
    }
}

static struct layer product_of(const struct layer_of *at, uint32_t rows)
{
    return (struct layer){
        .batch = rows, .in = at->in, .out = at->out,
        .x = at->x, .w = at->parts[0].w, .dy = at->dy,
        .y = at->y, .dx = at->dx, .dw = at->parts[0].dw,
    };
}

void dense_forward(struct network *net, struct layer_of *at, uint32_t rows)
{
    struct layer layer = product_of(at, rows);
    scaled_forward(net, &layer);
    add_bias(rows, at->out, &at->parts[1], at->y);
}

void dense_backward(struct network *net, struct layer_of *at, uint32_t rows)
{
    struct layer layer = product_of(at, rows);
    bias_gradient(rows, at->out, at->dy, &at->parts[1]);
    scaled_weight_gradient(net, &layer);
    layer = product_of(at, rows);
    if (at->dx)
        scaled_input_gradient(net, &layer);
}

// The whole batch is one product: its rows are the positions of all images.
static struct layer product_of_columns(const struct layer_of *at, uint32_t samples)
{
    struct layer layer = product_of(at, samples * at->rows);
    layer.in = at->parts[0].columns;
    layer.x = layer.dx = at->own[0];
    return layer;
}

void convolution_forward(struct network *net, struct layer_of *at, uint32_t samples)
{
    const struct window *by = &at->window;
    const uint32_t image = by->h * by->w * pitch(by->c);
    const uint32_t columns = at->rows * pitch(at->parts[0].columns);
    for (uint32_t i = 0; i < samples; i++)
        KERNEL(im2col)(by, at->x + i * image, at->own[0] + i * columns);
    struct layer layer = product_of_columns(at, samples);
    scaled_forward(net, &layer);
    add_bias(samples * at->rows, at->out, &at->parts[1], at->y);
}

void convolution_backward(struct network *net, struct layer_of *at, uint32_t samples)
{
    const struct window *by = &at->window;
    const uint32_t image = by->h * by->w * pitch(by->c);
    const uint32_t columns = at->rows * pitch(at->parts[0].columns);
    struct layer layer = product_of_columns(at, samples);
    bias_gradient(samples * at->rows, at->out, at->dy, &at->parts[1]);
    scaled_weight_gradient(net, &layer); // own[0] is still im2col of x
    if (!at->dx)
        return;
    layer = product_of_columns(at, samples);
    scaled_input_gradient(net, &layer);
    for (uint32_t i = 0; i < samples; i++)
        KERNEL(col2im)(by, at->own[0] + i * columns, at->dx + i * image);
}
