// Sieve of Eratosthenes: primes below SIZE, a byte a number.
#include "guest.h"

#ifndef SIZE
#define SIZE 16384
#endif

static uint8_t composite[SIZE];

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    uint32_t limit = SIZE - seed % 64, primes = 0, sum = 0;
    for (uint32_t n = 0; n < limit; n++)
        composite[n] = 0;
    for (uint32_t n = 2; n < limit; n++) {
        if (composite[n])
            continue;
        primes++;
        sum += n;
        for (uint32_t multiple = 2 * n; multiple < limit; multiple += n)
            composite[multiple] = 1;
    }
    return mix(sum, primes);
}
