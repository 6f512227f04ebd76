// A binary search tree of SIZE words without balance: built, searched and walked by its links.
#include "guest.h"

#ifndef SIZE
#define SIZE 2048
#endif

typedef struct node {
    struct node *less, *more;
    uint32_t key, count;
} node;

static node nodes[SIZE];

void prepare(void)
{
}

static uint32_t __attribute__((noinline)) walk(const node *at, uint32_t sum)
{
    for (; at; at = at->more)
        sum = mix(walk(at->less, sum), at->key * at->count);
    return sum;
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, used = 0, found = 0;
    node *root = 0;
    for (int i = 0; i < SIZE; i++) {
        uint32_t key = random32(&state) >> 16;
        node **link = &root;
        while (*link && (*link)->key != key)
            link = key < (*link)->key ? &(*link)->less : &(*link)->more;
        if (*link)
            (*link)->count++;
        else {
            nodes[used] = (node){0, 0, key, 1};
            *link = &nodes[used++];
        }
    }
    for (int i = 0; i < SIZE; i++) {
        uint32_t key = random32(&state) >> 16;
        const node *at = root;
        while (at && at->key != key)
            at = key < at->key ? at->less : at->more;
        found += at != 0;
    }
    return walk(root, found);
}
