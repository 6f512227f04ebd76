// Sorting, searching, random numbers, quotients.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void swap(char *a, char *b, size_t size)
{
    for (; size >= 4; size -= 4, a += 4, b += 4) {
        char held[4];
        memcpy(held, a, 4);
        memcpy(a, b, 4);
        memcpy(b, held, 4);
    }
    for (; size; size--) {
        char held = *a;
        *a++ = *b, *b++ = held;
    }
}

// Let the element at `root` sink in the heap of `count` elements.
static void sink(char *base, size_t root, size_t count, size_t size, __comparison compare)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            child++;
        if (compare(base + root * size, base + child * size) >= 0)
            return;
        swap(base + root * size, base + child * size, size);
    }
}

// Heapsort: in place, and never worse than n log n.
void qsort(void *base, size_t count, size_t size, __comparison compare)
{
    for (size_t i = count / 2; i--;)
        sink(base, i, count, size, compare);
    while (count > 1) {
        swap(base, (char *)base + --count * size, size);
        sink(base, 0, count, size, compare);
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size, __comparison compare)
{
    const char *low = base;
    while (count) {
        const char *middle = low + count / 2 * size;
        int order = compare(key, middle);
        if (!order)
            return (void *)middle;
        if (order > 0)
            low = middle + size, count -= count / 2 + 1;
        else
            count /= 2;
    }
    return 0;
}

// Marsaglia's xorshift32.
int rand_r(unsigned *state)
{
    uint32_t x = *state ? *state : 2463534242u;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    *state = x;
    return x >> 1;
}

static unsigned state = 1;

void srand(unsigned seed)
{
    state = seed;
}

int rand(void)
{
    return rand_r(&state);
}

int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long long llabs(long long n) { return n < 0 ? -n : n; }
div_t div(int a, int b) { return (div_t){a / b, a % b}; }
ldiv_t ldiv(long a, long b) { return (ldiv_t){a / b, a % b}; }
lldiv_t lldiv(long long a, long long b) { return (lldiv_t){a / b, a % b}; }
