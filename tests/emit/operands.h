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

static uint64_t state, digest, previous;
static int traced;

static uint64_t random_word(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
static uint32_t below(uint32_t count) { return (uint32_t)(random_word() >> 20) % count; }

/* One lane: a special value, something near it or near the lane before, or any bits. */
static uint64_t lane(int width, const uint64_t *specials, uint32_t count)
{
    const uint64_t r = random_word(), mask = width < 64 ? ((uint64_t)1 << width) - 1 : ~(uint64_t)0;
    const uint64_t special = specials[(uint32_t)(r >> 8) % count];
    switch (r & 7) {
    case 0: previous = special; break;
    case 1: previous = special ^ (r >> 32 & mask >> width * 3 / 4); break;
    case 2: previous ^= r >> 32 & 3; break;
    case 3: previous ^= (uint64_t)1 << (width - 1); break;
    case 4: previous ^= r >> 32 & mask >> width / 2; break;
    default: previous = random_word();
    }
    return previous &= mask;
}
static uint64_t lanes(int width, int count, const uint64_t *specials, uint32_t many)
{
    uint64_t found = 0;
    int i;
    for (i = 0; i < count; i++)
        found |= lane(width, specials, many) << (i * width);
    if (traced) {
        put_text(" in ");
        put_hex(found);
    }
    return found;
}
static void out(uint64_t value)
{
    digest = (digest ^ value) * 0x9e3779b97f4a7c15ull;
    digest ^= digest >> 29;
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
static unsigned char *base(uint32_t aligned)
{
    size_t i;
    for (i = 0; i < 12; i++)
        memory[i] = (uint32_t)random_word();
    return (unsigned char *)memory + 20 + (aligned ? 0 : below(4));
}
static void out_memory(void)
{
    size_t i;
    uint64_t found = 0;
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
