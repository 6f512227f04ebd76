// Iterations of z = z * z + c until |z| > 2, at SIZE x SIZE points, in single precision.
#include "guest.h"

#pragma STDC FP_CONTRACT OFF

#ifndef SIZE
#define SIZE 32
#endif

void prepare(void)
{
}

static uint32_t iterations(float x, float y)
{
    float re = x, im = y;
    uint32_t n = 0;
    for (; n < 200; n++) {
        float re2 = re * re, im2 = im * im;
        if (re2 + im2 > 4.0f)
            break;
        im = 2.0f * re * im + y;
        re = re2 - im2 + x;
    }
    return n;
}

uint32_t guest(uint32_t seed)
{
    float step = 2.5f / SIZE, shift = (float)(seed & 255) * (1.0f / 4096);
    uint32_t sum = 0;
    for (int row = 0; row < SIZE; row++)
        for (int column = 0; column < SIZE; column++)
            sum += iterations((float)column * step - 2.0f + shift, (float)row * step - 1.25f);
    return sum;
}
