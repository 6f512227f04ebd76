// Quicksort by Hoare's partition around the median of three, SIZE words; recursive.
#include "guest.h"

#ifndef SIZE
#define SIZE 4096
#endif

static uint32_t words[SIZE];

void prepare(void)
{
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t kept = *a;
    *a = *b;
    *b = kept;
}

static void __attribute__((noinline)) sort(uint32_t *first, uint32_t *last)
{
    while (last - first > 8) {
        uint32_t *middle = first + (last - first) / 2, *low = first, *high = last;
        if (*middle < *first)
            swap(middle, first);
        if (*last < *first)
            swap(last, first);
        if (*last < *middle)
            swap(last, middle);
        uint32_t pivot = *middle;
        for (;;) {
            while (*low < pivot)
                low++;
            while (pivot < *high)
                high--;
            if (low >= high)
                break;
            swap(low++, high--);
        }
        sort(first, high);
        first = high + 1;
    }
    for (uint32_t *next = first + 1; next <= last; next++) {
        uint32_t word = *next, *hole = next;
        for (; hole > first && word < hole[-1]; hole--)
            *hole = hole[-1];
        *hole = word;
    }
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, checksum = 0, disorder = 0;
    for (int i = 0; i < SIZE; i++)
        words[i] = random32(&state);
    sort(words, words + SIZE - 1);
    for (int i = 1; i < SIZE; i++) {
        disorder += words[i] < words[i - 1];
        checksum = mix(checksum, words[i]);
    }
    return checksum ^ disorder << 31;
}
