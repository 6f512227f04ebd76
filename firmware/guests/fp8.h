// A product of matrices in FP8 (E5M2) with FP16 sums, as `vfdotpex.h.b` adds: two lanes of sums an
// element, each rounded once for every two products. `DOT(sum, a, b)` is that instruction.
#ifndef FP8_H
#define FP8_H

#include "guest.h"

#ifndef SIZE
#define SIZE 32
#endif

// Words of four FP8 in the sums' direction; B is transposed.
enum { WORDS = 2 * SIZE };

static uint32_t a[SIZE][WORDS], b[SIZE][WORDS], c[SIZE][SIZE];

// Four finite codes of moderate size: exponents from 10 to 17 of a bias of 15.
static uint32_t four_codes(uint32_t *state)
{
    uint32_t word = random32(state), codes = 0;
    for (int lane = 0; lane < 4; lane++, word >>= 8)
        codes = codes << 8 | (word & 0x83) | (10 + (word >> 2 & 7)) << 2;
    return codes;
}

void prepare(void)
{
    uint32_t state = 1;
    for (int i = 0; i < SIZE; i++)
        for (int k = 0; k < WORDS; k++) {
            a[i][k] = four_codes(&state);
            b[i][k] = four_codes(&state);
        }
}

static void multiply(void);

// fflags since the last call.
static uint32_t flags(void);

uint32_t guest(uint32_t seed)
{
    uint32_t checksum = 0, state = seed | 1;
    a[seed % SIZE][seed / SIZE % SIZE] = four_codes(&state);
    multiply();
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            checksum = mix(checksum, c[i][j]);
    return mix(checksum, flags());
}

#endif
