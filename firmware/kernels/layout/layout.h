// Rearrangements. No arithmetic, but for `col2im`, which adds.
//
//   transpose  y[columns][rows] = x[rows][columns]
//   im2col     of an image x[h][w][c]: a row a position of the output, kh kw c elements a row, in the
//              order of a filter's; zeros outside the image
//   col2im     the transpose of im2col: adds each row of `columns` back to dx (overwritten)
#include "kernel.h"
#ifndef RVX_KERNELS_LAYOUT_H
#define RVX_KERNELS_LAYOUT_H

// An image and a window that moves over it. Output: `rows` x `columns` positions.
struct window {
    uint32_t h, w, c;
    uint32_t kh, kw, stride, pad;
};

static inline uint32_t window_rows(const struct window *by)
{
    return (by->h + 2 * by->pad - by->kh) / by->stride + 1;
}

static inline uint32_t window_columns(const struct window *by)
{
    return (by->w + 2 * by->pad - by->kw) / by->stride + 1;
}

void KERNEL(transpose)(uint32_t rows, uint32_t columns, const wide *x, wide *y);
void KERNEL(im2col)(const struct window *by, const wide *x, wide *columns);
void KERNEL(col2im)(const struct window *by, const wide *columns, wide *dx);

#endif
