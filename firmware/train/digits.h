// Images of 8 by 8 pixels from 0 to 16, each behind its label: 65 bytes a sample.
#ifndef RVX_TRAIN_DIGITS_H
#define RVX_TRAIN_DIGITS_H

#include "workload.h"

enum { PIXELS = 64, DIGITS = 10 };

// Pixels at `step` elements from one to the next.
static inline void fill_digits(struct network *net, const uint32_t *which, uint32_t samples,
                               uint32_t step)
{
    wide *to = net->input;
    for (uint32_t i = 0; i < samples; i++) {
        const uint8_t *from = dataset + which[i] * (PIXELS + 1);
        net->labels[i] = *from++;
        for (uint32_t j = 0; j < PIXELS; j++, to += step)
            put(to, scaled(whole(*from++), -4));
    }
}

#endif
