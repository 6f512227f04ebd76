// What a compiler calls in freestanding code (GCC manual, "Standards"), word by word.
#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((__may_alias__)) word;

void *memset(void *target, int byte, size_t count)
{
    unsigned char *to = target;
    for (; count != 0 && (uintptr_t)to % 4 != 0; count--)
        *to++ = (unsigned char)byte;
    for (uint32_t fill = (unsigned char)byte * 0x01010101u; count >= 4; count -= 4, to += 4)
        *(word *)(void *)to = fill;
    for (; count != 0; count--)
        *to++ = (unsigned char)byte;
    return target;
}

void *memcpy(void *restrict target, const void *restrict source, size_t count)
{
    unsigned char *to = target;
    const unsigned char *from = source;
    if (((uintptr_t)to | (uintptr_t)from) % 4 == 0)
        for (; count >= 4; count -= 4, to += 4, from += 4)
            *(word *)(void *)to = *(const word *)(const void *)from;
    for (; count != 0; count--)
        *to++ = *from++;
    return target;
}
