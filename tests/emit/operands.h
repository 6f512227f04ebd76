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

/* Memory that loads and stores see. */
static uint32_t memory[12];
static unsigned char *base(uint32_t mask)
{
    uint32_t i;
    for (i = 0; i < 12; i++)
        memory[i] = (count + i) * 0x9e3779b1u;
    return (unsigned char *)memory + 20 + (count & mask);
}
static void out_memory(void)
{
    size_t i;
    uint32_t found = 0;
    for (i = 0; i < 12; i++)
        found = found * 31 + memory[i];
    out(found);
}
static void report(const char *name)
{
    put_text(name);
    put_text(" ");
    put_hex(digest);
    put_line();
}
