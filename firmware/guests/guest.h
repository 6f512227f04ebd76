// A guest of the host benchmark: a piece of work that is repeated, and what it may call.
//
// The same C is compiled for the simulated machine and for the host.
// Results may not depend on the host: fixed-width integers, no contraction of a * b + c where
// rounding shows, data from `random32`.
#ifndef GUEST_H
#define GUEST_H

#include <stdint.h>

// Make the data that all repetitions share.
void prepare(void);

// Do the work once. The result depends on the seed, and the next repetition is seeded with it.
uint32_t guest(uint32_t seed);

// Write to standard output.
void host_write(const void *bytes, uint32_t count);

static inline uint32_t rotate_left(uint32_t word, unsigned by)
{
    return word << by | word >> (32 - by);
}

// Marsaglia's xorshift32; the state may not be 0.
static inline uint32_t random32(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

static inline uint32_t mix(uint32_t checksum, uint32_t word)
{
    return rotate_left(checksum, 5) ^ word;
}

// The bits of a float.
static inline uint32_t bits_of(float value)
{
    union {
        float value;
        uint32_t bits;
    } both = {value};
    return both.bits;
}

#endif
