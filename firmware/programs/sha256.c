// SHA-256 (FIPS 180-4) of standard input, or of a message of 20,000 bytes where that is empty.
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static uint32_t state[8], constants[64];
static uint64_t length;
static uint8_t block[64];

// The first 32 bits of the fractional part of a prime's square (degree 2) or cube root, by integers:
// the largest r with r^degree <= prime * 2^(32 degree).
static uint32_t root_fraction(unsigned prime, int degree)
{
    uint64_t root = 0;
    for (int bit = 35; bit >= 0; bit--) {
        uint64_t guess = root | (uint64_t)1 << bit;
        // guess^degree as three words of 40 bits
        const uint64_t mask = ((uint64_t)1 << 40) - 1;
        uint64_t words[4] = {1, 0, 0, 0};
        for (int i = 0; i < degree; i++) {
            uint64_t carry = 0, high = guess >> 20, low = guess & 0xfffff;
            uint64_t made[4];
            uint64_t shifted = 0;
            for (int w = 0; w < 4; w++) {
                uint64_t product = words[w] * high; // at 2^20: 56 bits and less
                uint64_t part = words[w] * low + ((product & 0xfffff) << 20) + carry + shifted;
                made[w] = part & mask;
                carry = part >> 40;
                shifted = product >> 20;
            }
            memcpy(words, made, sizeof words);
        }
        uint64_t limit[4] = {0, 0, 0, 0};
        if (degree == 2)
            limit[1] = (uint64_t)prime << 24; // prime * 2^64
        else
            limit[2] = (uint64_t)prime << 16; // prime * 2^96
        int order = 0;
        for (int w = 3; w >= 0 && !order; w--)
            order = words[w] < limit[w] ? -1 : words[w] > limit[w];
        if (order <= 0)
            root = guess;
    }
    return (uint32_t)root;
}

static void prepare(void)
{
    unsigned found = 0;
    for (unsigned n = 2; found < 64; n++) {
        unsigned d = 2;
        while (d * d <= n && n % d)
            d++;
        if (d * d <= n)
            continue;
        if (found < 8)
            state[found] = root_fraction(n, 2);
        constants[found++] = root_fraction(n, 3);
    }
}

static uint32_t rotate(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void absorb(void)
{
    uint32_t w[64], s[8];
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16
               | (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3)
               + (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(s, state, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25))
                     + ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
        uint32_t u = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22))
                     + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t;
        s[0] = t + u;
    }
    for (int i = 0; i < 8; i++)
        state[i] += s[i];
}

static void take(int byte)
{
    block[length++ % 64] = (uint8_t)byte;
    if (length % 64 == 0)
        absorb();
}

int main(void)
{
    prepare();
    int c;
    while ((c = getchar()) != EOF)
        take(c);
    if (!length)
        for (unsigned i = 0; i < 20000; i++)
            take((int)(i * 7 + i / 256));
    uint64_t bits = length * 8;
    take(0x80);
    while (length % 64 != 56)
        take(0);
    for (int i = 7; i >= 0; i--)
        take((int)(bits >> (8 * i) & 255));
    for (int i = 0; i < 8; i++)
        printf("%08x", (unsigned)state[i]);
    printf("\n");
    return (int)(state[0] & 0x7f);
}
