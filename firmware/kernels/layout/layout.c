#include "layout.h"

void KERNEL(transpose)(uint32_t rows, uint32_t columns, const wide *x, wide *y)
{
    for (uint32_t j = 0; j < columns; j++, x++) {
        const wide *from = x;
#pragma GCC unroll 4
        for (uint32_t i = 0; i < rows; i++, from += columns)
            *y++ = *from;
    }
}

void KERNEL(im2col)(const struct window *by, const wide *x, wide *columns)
{
    const uint32_t out_h = window_rows(by), out_w = window_columns(by), run = by->kw * by->c;
    for (uint32_t i = 0; i < out_h; i++)
        for (uint32_t j = 0; j < out_w; j++)
            for (uint32_t k = 0; k < by->kh; k++, columns += run) {
                const uint32_t row = i * by->stride + k - by->pad;
                const uint32_t left = j * by->stride - by->pad;
                for (uint32_t l = 0; l < by->kw; l++)
                    for (uint32_t m = 0; m < by->c; m++) {
                        uint32_t inside = row < by->h && left + l < by->w;
                        wide *to = &columns[l * by->c + m];
                        if (inside)
                            *to = x[(row * by->w + left + l) * by->c + m];
                        else
                            put(to, REAL(0.0));
                    }
            }
}

void KERNEL(col2im)(const struct window *by, const wide *columns, wide *dx)
{
    const uint32_t out_h = window_rows(by), out_w = window_columns(by), run = by->kw * by->c;
    for (uint32_t i = 0; i < by->h * by->w * by->c; i++)
        put(&dx[i], REAL(0.0));
    for (uint32_t i = 0; i < out_h; i++)
        for (uint32_t j = 0; j < out_w; j++)
            for (uint32_t k = 0; k < by->kh; k++, columns += run) {
                const uint32_t row = i * by->stride + k - by->pad;
                const uint32_t left = j * by->stride - by->pad;
                if (row >= by->h)
                    continue;
                for (uint32_t l = 0; l < by->kw; l++) {
                    if (left + l >= by->w)
                        continue;
                    wide *to = &dx[(row * by->w + left + l) * by->c];
                    for (uint32_t m = 0; m < by->c; m++)
                        put(&to[m], add(get(&to[m]), get(&columns[l * by->c + m])));
                }
            }
}
