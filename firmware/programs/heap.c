// Blocks of all sizes allocated, grown, shrunk and freed in a random order; each is filled with its
// own pattern, which must still be there in the end.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 150, STEPS = 4000 };

static struct {
    unsigned char *bytes;
    size_t size;
    unsigned char pattern;
} slots[SLOTS];

static unsigned state = 2463534242u;

static unsigned next_random(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int is_intact(int i, size_t size)
{
    for (size_t at = 0; at < size; at++)
        if (slots[i].bytes[at] != (unsigned char)(slots[i].pattern + at))
            return 0;
    return 1;
}

static void fill(int i, size_t size)
{
    slots[i].size = size;
    for (size_t at = 0; at < size; at++)
        slots[i].bytes[at] = (unsigned char)(slots[i].pattern + at);
}

int main(void)
{
    unsigned long made = 0, bytes = 0, wrong = 0, misaligned = 0, dirty = 0;
    for (int step = 0; step < STEPS; step++) {
        int i = (int)(next_random() % SLOTS);
        size_t size = next_random() % 8 ? next_random() % 120 : next_random() % 5000;
        if (slots[i].bytes && next_random() % 3 == 0) {
            size_t kept = size < slots[i].size ? size : slots[i].size;
            slots[i].bytes = realloc(slots[i].bytes, size + 1);
            wrong += !slots[i].bytes || !is_intact(i, kept);
        } else {
            if (slots[i].bytes)
                wrong += !is_intact(i, slots[i].size);
            free(slots[i].bytes);
            int cleared = next_random() % 4 == 0;
            slots[i].bytes = cleared ? calloc(size + 1, 1) : malloc(size + 1);
            if (!slots[i].bytes)
                return 1;
            for (size_t at = 0; cleared && at < size; at++)
                dirty += slots[i].bytes[at] != 0;
        }
        misaligned += (uintptr_t)slots[i].bytes % 8 != 0;
        slots[i].pattern = (unsigned char)step;
        fill(i, size);
        made++, bytes += size;
    }
    for (int i = 0; i < SLOTS; i++) {
        wrong += slots[i].bytes && !is_intact(i, slots[i].size);
        free(slots[i].bytes);
    }
    char *large = malloc(1 << 20);
    memset(large, 1, 1 << 20);
    free(large);
    printf("%lu blocks, %lu bytes; wrong %lu, misaligned %lu, dirty %lu\n", made, bytes, wrong, misaligned, dirty);
    volatile size_t much = (size_t)-1 / 2 + 1;
    void *volatile block = malloc(much);
    printf("too much: %s\n", block ? "given" : "refused");
    return wrong || misaligned || dirty ? 1 : 3;
}
