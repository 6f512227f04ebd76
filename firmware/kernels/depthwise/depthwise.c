#include "depthwise.h"

// For every position of the output and of the window inside the image: `body`, which sees the
// elements' indices: `out` of y, `in` of x and `tap` of w, each the first of c channels.
#define EACH_TAP(by, body)                                                                        \
    const uint32_t c = (by)->c, step = pitch(c);                                                  \
    const uint32_t out_h = window_rows(by), out_w = window_columns(by);                           \
    for (uint32_t i = 0, out = 0; i < out_h; i++)                                                 \
        for (uint32_t j = 0; j < out_w; j++, out += step)                                         \
            for (uint32_t k = 0, tap = 0; k < (by)->kh; k++)                                      \
                for (uint32_t l = 0; l < (by)->kw; l++, tap += step) {                            \
                    const uint32_t row = i * (by)->stride + k - (by)->pad;                        \
                    const uint32_t column = j * (by)->stride + l - (by)->pad;                     \
                    if (row >= (by)->h || column >= (by)->w)                                      \
                        continue;                                                                 \
                    const uint32_t in = (row * (by)->w + column) * step;                          \
                    for (uint32_t m = 0; m < c; m++)                                              \
                        body                                                                      \
                }

static inline void fill(uint32_t n, wide *x)
{
    for (uint32_t i = 0; i < n; i++)
        put(&x[i], REAL(0.0));
}

// to += a b
static inline void accumulate(wide *to, const wide *a, const wide *b)
{
    put(to, fused(get(a), get(b), get(to)));
}

void KERNEL(depthwise_forward)(const struct depthwise *layer)
{
    const struct window *by = &layer->window;
    fill(window_rows(by) * window_columns(by) * pitch(by->c), layer->y);
    EACH_TAP(by, accumulate(&layer->y[out + m], &layer->x[in + m], &layer->w[tap + m]);)
}

void KERNEL(depthwise_weight_gradient)(const struct depthwise *layer)
{
    const struct window *by = &layer->window;
    fill(by->kh * by->kw * pitch(by->c), layer->dw);
    EACH_TAP(by, accumulate(&layer->dw[tap + m], &layer->x[in + m], &layer->dy[out + m]);)
}

void KERNEL(depthwise_input_gradient)(const struct depthwise *layer)
{
    const struct window *by = &layer->window;
    fill(by->h * by->w * pitch(by->c), layer->dx);
    EACH_TAP(by, accumulate(&layer->dx[in + m], &layer->dy[out + m], &layer->w[tap + m]);)
}
