// Blocks of bytes, a word at a time where both ends are aligned.
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((__may_alias__)) word;

#define IS_ALIGNED(pointer) (((uintptr_t)(pointer) & 3) == 0)

void *memcpy(void *restrict to, const void *restrict from, size_t count)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if ((((uintptr_t)t ^ (uintptr_t)f) & 3) == 0) {
        for (; count && !IS_ALIGNED(t); count--)
            *t++ = *f++;
        for (; count >= 16; count -= 16, t += 16, f += 16) {
            const word *w = (const word *)f;
            word a = w[0], b = w[1], c = w[2], d = w[3];
            word *v = (word *)t;
            v[0] = a, v[1] = b, v[2] = c, v[3] = d;
        }
        for (; count >= 4; count -= 4, t += 4, f += 4)
            *(word *)t = *(const word *)f;
    }
    while (count--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    unsigned char *t = to;
    const unsigned char *f = from;
    if ((uintptr_t)t - (uintptr_t)f >= count)
        return memcpy(to, from, count);
    t += count, f += count;
    if ((((uintptr_t)t ^ (uintptr_t)f) & 3) == 0) {
        for (; count && !IS_ALIGNED(t); count--)
            *--t = *--f;
        for (; count >= 4; count -= 4) {
            t -= 4, f -= 4;
            *(word *)t = *(const word *)f;
        }
    }
    while (count--)
        *--t = *--f;
    return to;
}

void *memset(void *to, int byte, size_t count)
{
    unsigned char *t = to;
    word all = (unsigned char)byte * 0x01010101u;
    for (; count && !IS_ALIGNED(t); count--)
        *t++ = byte;
    for (; count >= 16; count -= 16, t += 16) {
        word *w = (word *)t;
        w[0] = all, w[1] = all, w[2] = all, w[3] = all;
    }
    for (; count >= 4; count -= 4, t += 4)
        *(word *)t = all;
    while (count--)
        *t++ = byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *x = a, *y = b;
    if (IS_ALIGNED(x) && IS_ALIGNED(y))
        for (; count >= 4 && *(const word *)x == *(const word *)y; count -= 4)
            x += 4, y += 4;
    for (; count; count--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

void *memchr(const void *in, int byte, size_t count)
{
    const unsigned char *i = in;
    for (; count; count--, i++)
        if (*i == (unsigned char)byte)
            return (void *)i;
    return 0;
}
