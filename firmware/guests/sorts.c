// Six ways to sort, each checked.
#include "guest.h"

#ifndef SIZE
#define SIZE 200
#endif

static int32_t data[SIZE], copy[SIZE], spare[SIZE];

static void insertion(int32_t *a, int n)
{
    for (int i = 1; i < n; i++) {
        int32_t key = a[i];
        int j = i;
        for (; j > 0 && a[j - 1] > key; j--)
            a[j] = a[j - 1];
        a[j] = key;
    }
}

static void shell(int32_t *a, int n)
{
    for (int gap = n / 2; gap > 0; gap /= 2)
        for (int i = gap; i < n; i++) {
            int32_t key = a[i];
            int j = i;
            for (; j >= gap && a[j - gap] > key; j -= gap)
                a[j] = a[j - gap];
            a[j] = key;
        }
}

static void sift(int32_t *a, int at, int n)
{
    for (int child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && a[child] < a[child + 1])
            child++;
        if (a[at] >= a[child])
            return;
        int32_t t = a[at];
        a[at] = a[child];
        a[child] = t;
    }
}

static void heap(int32_t *a, int n)
{
    for (int i = n / 2; i-- > 0;)
        sift(a, i, n);
    for (int i = n; i-- > 1;) {
        int32_t t = a[0];
        a[0] = a[i];
        a[i] = t;
        sift(a, 0, i);
    }
}

static void merge(int32_t *a, int n)
{
    if (n < 2)
        return;
    int half = n / 2, i = 0, j = half, k = 0;
    merge(a, half);
    merge(a + half, n - half);
    while (i < half && j < n)
        spare[k++] = a[i] <= a[j] ? a[i++] : a[j++];
    while (i < half)
        spare[k++] = a[i++];
    for (i = 0; i < k; i++)
        a[i] = spare[i];
}

static void quick(int32_t *a, int n)
{
    while (n > 8) {
        int32_t pivot = a[n / 2];
        int i = 0, j = n - 1;
        for (;; i++, j--) {
            while (a[i] < pivot)
                i++;
            while (a[j] > pivot)
                j--;
            if (i >= j)
                break;
            int32_t t = a[i];
            a[i] = a[j];
            a[j] = t;
        }
        quick(a + j + 1, n - j - 1);
        n = j + 1;
    }
    insertion(a, n);
}

static void radix(int32_t *a, int n)
{
    for (int shift = 0; shift < 32; shift += 8) {
        int starts[257] = {0};
        for (int i = 0; i < n; i++)
            starts[((uint32_t)a[i] >> shift & 255 ^ (shift == 24 ? 128 : 0)) + 1]++;
        for (int i = 0; i < 256; i++)
            starts[i + 1] += starts[i];
        for (int i = 0; i < n; i++)
            spare[starts[(uint32_t)a[i] >> shift & 255 ^ (shift == 24 ? 128 : 0)]++] = a[i];
        for (int i = 0; i < n; i++)
            a[i] = spare[i];
    }
}

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    static void (*const sorts[])(int32_t *, int) = {insertion, shell, heap, merge, quick, radix};
    uint32_t state = seed | 1, sum = 0;
    for (int i = 0; i < SIZE; i++)
        data[i] = (int32_t)random32(&state);
    for (unsigned s = 0; s < sizeof sorts / sizeof *sorts; s++) {
        for (int i = 0; i < SIZE; i++)
            copy[i] = data[i];
        sorts[s](copy, SIZE);
        for (int i = 1; i < SIZE; i++)
            if (copy[i - 1] > copy[i])
                return 0;
        for (int i = 0; i < SIZE; i += 9)
            sum = mix(sum, (uint32_t)copy[i]);
    }
    return sum;
}
