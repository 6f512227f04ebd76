/* What the calls of every intrinsic share, on the target and on a host: random operands, and a
 * digest of what came out. */
#include <stddef.h>
#include <stdint.h>

#ifdef RVX_EMULATE
#include <stdio.h>
static void put(const char *text, size_t size) { fwrite(text, 1, size, stdout); }
#else
static void put(const char *text, size_t size)
{
    register long a0 __asm__("a0") = 1;
    register const char *a1 __asm__("a1") = text;
    register size_t a2 __asm__("a2") = size;
    register long a7 __asm__("a7") = 64;
    __asm__ __volatile__("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
}
#endif
static char line[4096];
static size_t used;
static void put_text(const char *text)
{
    while (*text && used < sizeof line)
        line[used++] = *text++;
}
static void put_hex(uint64_t value)
{
    int shift = 60;
    while (shift && !(value >> shift))
        shift -= 4;
    for (; shift >= 0 && used < sizeof line; shift -= 4)
        line[used++] = "0123456789abcdef"[value >> shift & 15];
}
static void put_line(void)
{
    line[used++] = '\n';
    put(line, used);
    used = 0;
}

static uint32_t digest, count; /* of calls so far */
static int traced;

/* The next value for an operand: strides make pairs and triples of operands different ones. */
static uint64_t drawn(const uint64_t *pool, uint32_t stride)
{
    const uint64_t found = pool[(count * stride + count / POOL) % POOL];
    if (traced) {
        put_text(" in ");
        put_hex(found);
    }
    return found;
}
static void out(uint64_t value)
{
    digest = (digest ^ (uint32_t)value) * 0x9e3779b1u;
    digest = (digest ^ digest >> 15 ^ (uint32_t)(value >> 32)) * 0x85ebca6bu;
    if (traced) {
        put_text(" out ");
        put_hex(value);
    }
}
static uint64_t float_bits(float value)
{
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
static uint64_t double_bits(double value)
{
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}
static float bits_float(uint64_t word)
{
    const uint32_t bits = (uint32_t)word;
    float value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}
static double bits_double(uint64_t bits)
{
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

/* Memory that loads and stores see: a quire in the middle. */
#define MEMORY 40
static uint32_t memory[MEMORY];
static unsigned char *base(uint32_t mask)
{
    uint32_t i;
    for (i = 0; i < MEMORY; i++)
        memory[i] = (count + i) * 0x9e3779b1u;
    return (unsigned char *)memory + 20 + (count & mask);
}
static void out_memory(void)
{
    size_t i;
    uint32_t found = 0;
    for (i = 0; i < MEMORY; i++)
        found = found * 31 + memory[i];
    out(found);
}
/* A quire in memory: zero, small, near its bounds, NaR, any bits; or what it was. */
static uint32_t image[27];
static uint32_t any_bits(uint32_t seed)
{
    seed = (seed ^ seed >> 16) * 0x45d9f3bu;
    return (seed ^ seed >> 16) * 0x9e3779b1u;
}
static int make_image(uint32_t which, uint32_t bits)
{
    const uint32_t last = (bits - 1) / 32, top = (uint32_t)1 << (bits - 1) % 32;
    uint32_t i;
    if (which & 1)
        return 0;
    for (i = 0; i <= last; i++)
        switch (which >> 1 & 7) {
        case 0: image[i] = 0; break;
        case 1: image[i] = i < 3 ? any_bits(which + i) : 0; break;
        case 2: image[i] = 0xffffffffu; break; /* the largest */
        case 3: image[i] = i == 0; break;      /* the least */
        case 4: image[i] = 0; break;           /* NaR */
        case 5: image[i] = i < last / 2 ? any_bits(which + i) : 0xffffffffu; break;
        default: image[i] = any_bits(which * 31 + i); break;
        }
    switch (which >> 1 & 7) {
    case 2: image[last] = top - 1; break;
    case 3: case 4: image[last] = top; break;
    default: image[last] &= (top << 1) - 1; break;
    }
    return 1;
}
static void out_image(uint32_t bits)
{
    uint32_t i;
    for (i = 0; i <= (bits - 1) / 32; i++)
        out(image[i]);
}
static void report(const char *name)
{
    put_text(name);
    put_text(" ");
    put_hex(digest);
    put_line();
}
