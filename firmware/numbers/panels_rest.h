// How a matrix becomes panels, and panels a matrix: the part of panels.h that needs a system's own
// `pack_row` and `unpack_row`.
#ifndef RVX_NUMBERS_PANELS_REST_H
#define RVX_NUMBERS_PANELS_REST_H

// Rows are `next` elements apart, their elements `step`.
RVX_INLINE void pack_panels(uint32_t rows, uint32_t k, const wide *x, uint32_t next, uint32_t step,
                            summary of, operand *to)
{
    const uint32_t words = panel_words(k);
    for (uint32_t i = 0; i < rows; i++, x += next) {
        pack_row(k, x, step, of, to);
        to += i % PANEL == PANEL - 1 ? words - (PANEL - 1) : 1;
    }
    for (uint32_t i = rows; i % PANEL; i++, to++)
        for (uint32_t j = 0; j < words; j += PANEL)
            to[j] = 0;
}

// The first `rows` rows, k elements each.
static inline void unpack_panels(uint32_t rows, uint32_t k, const operand *from, summary of, wide *y)
{
    const uint32_t words = panel_words(k);
    for (uint32_t i = 0; i < rows; i++, y += k) {
        unpack_row(k, from, of, y);
        from += i % PANEL == PANEL - 1 ? words - (PANEL - 1) : 1;
    }
}

#endif
