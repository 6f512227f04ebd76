// The generator of everything random: xoshiro128** (Blackman and Vigna 2021), its four words from
// the seed by SplitMix32's steps. The order of samples and the first weights follow from the seed.
#ifndef RVX_TRAIN_RANDOM_H
#define RVX_TRAIN_RANDOM_H

#include <stdint.h>

struct random {
    uint32_t state[4];
};

static inline void seed_random(struct random *by, uint32_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint32_t z = seed += 0x9e3779b9;
        z = (z ^ z >> 16) * 0x21f0aaad;
        z = (z ^ z >> 15) * 0x735a2d97;
        by->state[i] = z ^ z >> 15;
    }
}

static inline uint32_t rotated(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static inline uint32_t draw(struct random *by)
{
    uint32_t *s = by->state, found = rotated(s[1] * 5, 7) * 9, shifted = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotated(s[3], 11);
    return found;
}

// Below n.
static inline uint32_t draw_below(struct random *by, uint32_t n)
{
    return (uint32_t)((uint64_t)draw(by) * n >> 32);
}

#endif
