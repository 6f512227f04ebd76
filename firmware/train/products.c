#include "products.h"

#include "scaling/scaling.h"

enum { LARGEST = 3 }; // 2^3 to 2^4: products of 8 bits of exponent's sums stay in fp16

// The power of two that brings the largest of n elements to 2^LARGEST.
static int32_t shift_of(uint32_t n, const wide *x)
{
    wide most;
    KERNEL(greatest_magnitude)(n, x, &most);
    real significand, found = get(&most);
    if (!less(REAL(0.0), found) || !is_finite(found))
        return 0;
    int32_t shift = LARGEST - split(found, &significand);
    return shift > 60 ? 60 : shift < -60 ? -60 : shift;
}

static void shift_into(uint32_t n, const wide *x, int32_t shift, wide *to)
{
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++)
        put(&to[i], scaled(get(&x[i]), shift));
}

// While training, `frm` chooses stochastic rounding where that is asked for: it is the rounding of
// sums of products alone (Xsr).
static void call(const struct network *net, const struct layer *layer,
                 void (*kernel)(const struct layer *))
{
#ifdef __riscv_flen
    if (settings.stochastic && net->is_training) {
        __asm__ volatile("fsrmi 6" ::: "memory");
        kernel(layer);
        __asm__ volatile("fsrmi 0" ::: "memory");
        return;
    }
#endif
    kernel(layer);
}

// One of the products with both operands scaled, and the result scaled back.
static void multiply(struct network *net, struct layer *layer, uint32_t n_a, const wide **a,
                     uint32_t n_b, const wide **b, uint32_t n_c, wide *c,
                     void (*kernel)(const struct layer *))
{
    layer->room[0] = net->room[0];
    layer->room[1] = net->room[1];
    if (settings.scaling != TENSOR_SCALING) {
        call(net, layer, kernel);
        return;
    }
    const int32_t of_a = shift_of(n_a, *a), of_b = shift_of(n_b, *b);
    shift_into(n_a, *a, of_a, net->scaled[0]);
    shift_into(n_b, *b, of_b, net->scaled[1]);
    *a = net->scaled[0];
    *b = net->scaled[1];
    call(net, layer, kernel);
    shift_into(n_c, c, -(of_a + of_b), c);
}

void scaled_forward(struct network *net, struct layer *layer)
{
    multiply(net, layer, area(layer->batch, layer->in), &layer->x, area(layer->out, layer->in),
             &layer->w, area(layer->batch, layer->out), layer->y, KERNEL(forward));
}

void scaled_input_gradient(struct network *net, struct layer *layer)
{
    multiply(net, layer, area(layer->batch, layer->out), &layer->dy, area(layer->out, layer->in),
             &layer->w, area(layer->batch, layer->in), layer->dx, KERNEL(input_gradient));
}

void scaled_weight_gradient(struct network *net, struct layer *layer)
{
    multiply(net, layer, area(layer->batch, layer->out), &layer->dy, area(layer->batch, layer->in),
             &layer->x, area(layer->out, layer->in), layer->dw, KERNEL(weight_gradient));
}
