// A product of matrices in single precision, SIZE x SIZE x SIZE, as one writes it first. Its
// elements are small integers, so that all sums are exact and no order or contraction shows.
#include "guest.h"

#ifndef SIZE
#define SIZE 64
#endif

static float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

void prepare(void)
{
    uint32_t state = 1;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (float)(int32_t)(random32(&state) % 15) - 7;
            b[i][j] = (float)(int32_t)(random32(&state) % 15) - 7;
        }
}

uint32_t guest(uint32_t seed)
{
    uint32_t checksum = 0;
    a[seed % SIZE][seed / SIZE % SIZE] = (float)(int32_t)(seed >> 29) - 4;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            float sum = 0;
            for (int k = 0; k < SIZE; k++)
                sum += a[i][k] * b[k][j];
            c[i][j] = sum;
        }
    for (int i = 0; i < SIZE; i++)
        checksum = mix(checksum, bits_of(c[i][(i + seed) % SIZE]));
    return checksum;
}
