// Compression: matches in a window found by a hash chain, lengths of a prefix code from counts, bits
// written and read back, checked against the original.
#include "guest.h"

#ifndef SIZE
#define SIZE 1024
#endif

enum { HASHES = 256, NONE = 0xffff, SYMBOLS = 64 };

static uint8_t plain[SIZE], packed[2 * SIZE + 16], again[SIZE + 64];
static uint16_t head[HASHES], previous[SIZE];
static uint8_t lengths[SYMBOLS];
static uint32_t counts[SYMBOLS];

typedef struct {
    uint8_t *at;
    uint32_t bits, have;
} stream;

static void put(stream *s, uint32_t value, uint32_t count)
{
    s->bits |= value << s->have;
    s->have += count;
    while (s->have >= 8) {
        *s->at++ = (uint8_t)s->bits;
        s->bits >>= 8;
        s->have -= 8;
    }
}

static uint32_t get(stream *s, uint32_t count)
{
    while (s->have < count) {
        s->bits |= (uint32_t)*s->at++ << s->have;
        s->have += 8;
    }
    uint32_t value = s->bits & ((1u << count) - 1);
    s->bits >>= count;
    s->have -= count;
    return value;
}

static uint32_t hash(const uint8_t *at)
{
    return ((uint32_t)at[0] * 33 ^ (uint32_t)at[1] * 7 ^ at[2]) & (HASHES - 1);
}

static int match(int at, int candidate)
{
    int length = 0;
    while (length < 31 && at + length < SIZE && plain[at + length] == plain[candidate + length])
        length++;
    return length;
}

static int longest(int at, int *where)
{
    int best = 0, tries = 8;
    for (int c = head[hash(plain + at)]; c != NONE && tries; c = previous[c], tries--) {
        int length = match(at, c);
        if (length > best && at - c < 1024) {
            best = length;
            *where = at - c;
        }
    }
    return best;
}

static void note(int at)
{
    if (at + 2 < SIZE) {
        uint32_t h = hash(plain + at);
        previous[at] = head[h];
        head[h] = (uint16_t)at;
    }
}

static uint32_t pack(void)
{
    stream s = {packed, 0, 0};
    for (int i = 0; i < HASHES; i++)
        head[i] = NONE;
    for (int at = 0; at < SIZE;) {
        int distance = 0, length = at + 2 < SIZE ? longest(at, &distance) : 0;
        if (length >= 3) {
            put(&s, 1, 1);
            put(&s, (uint32_t)length, 5);
            put(&s, (uint32_t)distance, 10);
        } else {
            length = 1;
            put(&s, 0, 1);
            put(&s, plain[at], 8);
        }
        while (length--)
            note(at++);
    }
    put(&s, 0, 7);
    return (uint32_t)(s.at - packed);
}

static int unpack(void)
{
    stream s = {packed, 0, 0};
    int at = 0;
    while (at < SIZE) {
        if (get(&s, 1)) {
            uint32_t length = get(&s, 5), distance = get(&s, 10);
            for (; length; length--, at++)
                again[at] = again[at - (int)distance];
        } else
            again[at++] = (uint8_t)get(&s, 8);
    }
    for (int i = 0; i < SIZE; i++)
        if (again[i] != plain[i])
            return 0;
    return 1;
}

// Lengths of a Huffman code, by joining the two rarest again and again.
static uint32_t code_lengths(void)
{
    uint8_t parent[2 * SYMBOLS];
    uint32_t weight[2 * SYMBOLS], total = 0;
    int nodes = SYMBOLS;
    for (int i = 0; i < SYMBOLS; i++)
        weight[i] = counts[i] + 1;
    for (; nodes < 2 * SYMBOLS - 1; nodes++) {
        int least[2] = {-1, -1};
        for (int i = 0; i < nodes; i++) {
            if (!weight[i])
                continue;
            if (least[0] < 0 || weight[i] < weight[least[0]]) {
                least[1] = least[0];
                least[0] = i;
            } else if (least[1] < 0 || weight[i] < weight[least[1]])
                least[1] = i;
        }
        weight[nodes] = weight[least[0]] + weight[least[1]];
        for (int i = 0; i < 2; i++) {
            weight[least[i]] = 0;
            parent[least[i]] = (uint8_t)nodes;
        }
    }
    for (int i = 0; i < SYMBOLS; i++) {
        uint8_t length = 0;
        for (int n = i; n < nodes - 1; n = parent[n])
            length++;
        lengths[i] = length;
        total += length * counts[i];
    }
    return total;
}

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1;
    for (int i = 0; i < SYMBOLS; i++)
        counts[i] = 0;
    for (int i = 0; i < SIZE; i++) {
        uint32_t random = random32(&state);
        plain[i] = (uint8_t)(i > 40 && random % 4 ? plain[i - 17 - random % 3] : random >> 26);
        counts[plain[i] % SYMBOLS]++;
    }
    uint32_t size = pack();
    return unpack() ? mix(size, code_lengths()) : 0;
}
