// Calls and returns: a recursive count of nodes of Fibonacci's tree, and work given as functions.
#include "guest.h"

#ifndef SIZE
#define SIZE 18
#endif

typedef uint32_t operation(uint32_t, uint32_t);

static uint32_t add(uint32_t a, uint32_t b)
{
    return a + b;
}

static uint32_t exclude(uint32_t a, uint32_t b)
{
    return a ^ (b << 3);
}

static uint32_t scale(uint32_t a, uint32_t b)
{
    return a * 31 + b;
}

static uint32_t turn(uint32_t a, uint32_t b)
{
    return rotate_left(a, 1 + (b & 7));
}

static operation *volatile const table[4] = {add, exclude, scale, turn};

void prepare(void)
{
}

static uint32_t __attribute__((noinline)) fibonacci(uint32_t n)
{
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

static uint32_t __attribute__((noinline)) fold(operation *step, uint32_t sum, uint32_t count)
{
    for (; count != 0; count--)
        sum = step(sum, count);
    return sum;
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, sum = fibonacci(SIZE);
    for (int i = 0; i < 64 * SIZE; i++)
        sum = table[random32(&state) >> 30](sum, state);
    for (int i = 0; i < 64; i++)
        sum = fold(table[i % 4], sum, SIZE);
    return sum;
}
