// Greatest common divisors of SIZE pairs of words, by Euclid: the divider at work.
#include "guest.h"

#ifndef SIZE
#define SIZE 256
#endif

void prepare(void)
{
}

static uint32_t gcd(uint32_t a, uint32_t b)
{
    while (b != 0) {
        uint32_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, sum = 0;
    for (int i = 0; i < SIZE; i++) {
        uint32_t a = random32(&state), b = random32(&state);
        sum = mix(sum, gcd(a, b >> (i & 15)));
    }
    return sum;
}
