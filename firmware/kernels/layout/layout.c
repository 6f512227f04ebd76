#include "layout.h"

void KERNEL(transpose)(uint32_t rows, uint32_t columns, const wide *x, wide *y)
{
    const uint32_t step = pitch(columns);
    for (uint32_t j = 0; j < columns; j++, x++, y += pitch(rows)) {
        const wide *from = x;
#pragma GCC unroll 4
        for (uint32_t i = 0; i < rows; i++, from += step)
            y[i] = *from;
    }
}

void KERNEL(im2col)(const struct window *by, const wide *x, wide *columns)
{
    const uint32_t out_h = window_rows(by), out_w = window_columns(by), run = by->kw * by->c;
    const uint32_t step = pitch(by->kh * run), pixel = pitch(by->c);
    for (uint32_t i = 0; i < out_h; i++)
        for (uint32_t j = 0; j < out_w; j++, columns += step)
            for (uint32_t k = 0; k < by->kh; k++) {
                const uint32_t row = i * by->stride + k - by->pad;
                const uint32_t left = j * by->stride - by->pad;
                for (uint32_t l = 0; l < by->kw; l++)
                    for (uint32_t m = 0; m < by->c; m++) {
                        uint32_t inside = row < by->h && left + l < by->w;
                        wide *to = &columns[k * run + l * by->c + m];
                        if (inside)
                            *to = x[(row * by->w + left + l) * pixel + m];
                        else
                            put(to, REAL(0.0));
                    }
            }
}

void KERNEL(col2im)(const struct window *by, const wide *columns, wide *dx)
{
    const uint32_t out_h = window_rows(by), out_w = window_columns(by), run = by->kw * by->c;
    const uint32_t step = pitch(by->kh * run), pixel = pitch(by->c);
    for (uint32_t i = 0; i < by->h * by->w * pixel; i++)
        put(&dx[i], REAL(0.0));
    for (uint32_t i = 0; i < out_h; i++)
        for (uint32_t j = 0; j < out_w; j++, columns += step)
            for (uint32_t k = 0; k < by->kh; k++) {
                const uint32_t row = i * by->stride + k - by->pad;
                const uint32_t left = j * by->stride - by->pad;
                if (row >= by->h)
                    continue;
                for (uint32_t l = 0; l < by->kw; l++) {
                    if (left + l >= by->w)
                        continue;
                    wide *to = &dx[(row * by->w + left + l) * pixel];
                    for (uint32_t m = 0; m < by->c; m++)
                        put(&to[m], add(get(&to[m]), get(&columns[k * run + l * by->c + m])));
                }
            }
}
