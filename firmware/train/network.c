#include "network.h"

#include "activation/activation.h"
#include "layernorm/layernorm.h"
#include "scaling/scaling.h"

static void normalise(struct layer_of *at, uint32_t rows, int is_backward)
{
    const wide epsilon = stored(REAL(1e-5));
    struct layernorm layer = {
        .rows = rows, .n = at->in, .x = at->x, .gamma = at->parts[0].w, .beta = at->parts[1].w,
        .epsilon = &epsilon, .y = at->y, .statistics = at->own[0], .dy = at->dy, .dx = at->dx,
        .dgamma = at->parts[0].dw, .dbeta = at->parts[1].dw,
    };
    (is_backward ? KERNEL(layernorm_backward) : KERNEL(layernorm_forward))(&layer);
}

static void add_to(uint32_t n, const wide *x, wide *y)
{
    const wide one = stored(REAL(1.0));
    KERNEL(axpy)(n, &one, x, y);
}

static void copy(uint32_t n, const wide *x, wide *y)
{
    for (uint32_t i = 0; i < n; i++)
        y[i] = x[i];
}

void forward(struct network *net, uint32_t samples)
{
    for (uint32_t i = 0; i < net->count; i++) {
        struct layer_of *at = &net->layers[i];
        const uint32_t rows = samples * at->rows, n = area(rows, at->in);
        switch (at->kind) {
        case DENSE: dense_forward(net, at, rows); break;
        case CONVOLUTION: convolution_forward(net, at, samples); break;
        case RELU: KERNEL(relu_forward)(n, at->x, at->y); break;
        case GELU: KERNEL(gelu_forward)(n, at->x, at->y); break;
        case LAYERNORM: normalise(at, rows, 0); break;
        case EMBEDDING: embedding_forward(net, at, samples); break;
        case ATTENTION: attention_layer_forward(net, at, samples); break;
        case RESIDUAL:
            copy(n, at->x, at->y);
            add_to(n, net->layers[at->with].y, at->y);
            break;
        }
    }
}

void backward(struct network *net, uint32_t samples)
{
    for (uint32_t i = net->count; i-- > 0;) {
        struct layer_of *at = &net->layers[i];
        const uint32_t rows = samples * at->rows, n = area(rows, at->in);
        if (at->branch) // what a residual passed by adds to what came back through the layers
            add_to(area(rows, at->out), net->layers[at->branch].dy, at->dy);
        switch (at->kind) {
        case DENSE: dense_backward(net, at, rows); break;
        case CONVOLUTION: convolution_backward(net, at, samples); break;
        case RELU: KERNEL(relu_backward)(n, at->x, at->dy, at->dx); break;
        case GELU: KERNEL(gelu_backward)(n, at->x, at->dy, at->dx); break;
        case LAYERNORM: normalise(at, rows, 1); break;
        case EMBEDDING: embedding_backward(net, at, samples); break;
        case ATTENTION: attention_layer_backward(net, at, samples); break;
        case RESIDUAL: copy(n, at->dy, at->dx); break;
        }
    }
}
