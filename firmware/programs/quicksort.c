// Quicksort of integers, by hand, and the library's sort and search over strings.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT = 3000, WORDS = 300 };

static int values[COUNT];
static char words[WORDS][8];
static char *order[WORDS];

static unsigned next_random(void)
{
    static unsigned x = 123456789;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x;
}

static void sort(int *low, int *high)
{
    while (high - low > 1) {
        int pivot = low[(high - low - 1) / 2], *i = low - 1, *j = high;
        for (;;) {
            while (*++i < pivot)
                ;
            while (*--j > pivot)
                ;
            if (i >= j)
                break;
            int held = *i;
            *i = *j;
            *j = held;
        }
        sort(low, j + 1);
        low = j + 1;
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(void)
{
    unsigned sum = 0, hash = 0;
    for (int i = 0; i < COUNT; i++)
        sum += (unsigned)(values[i] = (int)next_random() % 100000);
    sort(values, values + COUNT);
    int is_sorted = 1;
    for (int i = 0; i < COUNT; i++) {
        sum -= (unsigned)values[i];
        hash = hash * 31 + (unsigned)values[i];
        is_sorted &= !i || values[i - 1] <= values[i];
    }
    printf("integers %s, sum %s, hash %08x\n", is_sorted ? "sorted" : "wrong", sum ? "wrong" : "kept", hash);
    for (int i = 0; i < WORDS; i++) {
        unsigned x = next_random();
        for (int c = 0; c < 5; c++, x /= 26)
            words[i][c] = (char)('a' + x % 26);
        order[i] = words[i];
    }
    qsort(order, WORDS, sizeof *order, by_text);
    for (int i = 0; i < WORDS; i += 50)
        printf("%3d %s\n", i, order[i]);
    char *wanted = words[17];
    char **found = bsearch(&wanted, order, WORDS, sizeof *order, by_text);
    printf("found %s\n", found && !strcmp(*found, wanted) ? "it" : "nothing");
    return is_sorted && !sum && found ? 42 : 1;
}
