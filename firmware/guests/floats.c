// Single precision beyond products and sums: division, roots, conversions, comparisons, signs.
#include "guest.h"

#pragma STDC FP_CONTRACT OFF

#ifndef SIZE
#define SIZE 512
#endif

static float values[SIZE];

void prepare(void)
{
}

// To an integer and back, to nearest by the usual bias.
static float whole(float x)
{
    return (float)(int32_t)(x < 0 ? x - 0.5f : x + 0.5f);
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, checksum = 0;
    for (int i = 0; i < SIZE; i++)
        values[i] = (float)(int32_t)random32(&state) * (1.0f / 65536);
    float least = values[0], most = values[0], mean = 0, deviation = 0;
    for (int i = 0; i < SIZE; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
        mean += values[i] / SIZE;
    }
    for (int i = 0; i < SIZE; i++) {
        float off = values[i] - mean;
        deviation += off * off / SIZE;
        values[i] = off / (1.0f + __builtin_fabsf(off) / (most - least));
    }
    deviation = __builtin_sqrtf(deviation);
    for (int i = 0; i < SIZE; i++) {
        float scaled = values[i] / deviation, root = __builtin_sqrtf(__builtin_fabsf(scaled));
        float quantized = whole(scaled * 127.0f);
        checksum = mix(checksum, bits_of(__builtin_copysignf(root, scaled)));
        checksum += (uint32_t)(int32_t)quantized + (uint32_t)(root * 65536.0f);
    }
    return checksum;
}
