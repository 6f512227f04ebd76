// A product of matrices in posit32 with exact sums in a quire, rounded once an element.
#ifndef POSIT_H
#define POSIT_H

#include "guest.h"

#ifndef SIZE
#define SIZE 32
#endif

static uint32_t a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE]; // B is transposed

// Magnitudes from 2^-8 to 2^8, mostly near 1.
static uint32_t posit(uint32_t *state)
{
    uint32_t code = 0x20000000 + (random32(state) >> 2);
    return random32(state) & 1 ? 0 - code : code;
}

void prepare(void)
{
    uint32_t state = 1;
    for (int i = 0; i < SIZE; i++)
        for (int k = 0; k < SIZE; k++) {
            a[i][k] = posit(&state);
            b[i][k] = posit(&state);
        }
}

static void multiply(void);

uint32_t guest(uint32_t seed)
{
    uint32_t checksum = 0, state = seed | 1;
    a[seed % SIZE][seed / SIZE % SIZE] = posit(&state);
    multiply();
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            checksum = mix(checksum, c[i][j]);
    return checksum;
}

#endif
