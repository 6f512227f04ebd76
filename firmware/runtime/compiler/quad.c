// long double, 128 bits wide: as far as to make one of a double and a double of one, so that it can
// be printed. Arithmetic on it is the compiler's own library's business.
#include <stdint.h>

typedef union {
    long double value;
    uint64_t words[2];
} quad;

typedef union {
    double value;
    uint64_t bits;
} number;

long double __extenddftf2(double x)
{
    number from = {x};
    uint64_t sign = from.bits >> 63 << 63, rest = from.bits << 1 >> 1;
    quad made = {.words = {0, sign}};
    if (!rest)
        return made.value;
    int exponent = rest >> 52;
    if (exponent == 0) {
        int shift = __builtin_clzll(rest) - 11;
        rest <<= shift;
        exponent = 1 - shift;
    }
    uint64_t high = exponent == 2047 ? 0x7fff : exponent + 16383 - 1023;
    uint64_t fraction = rest & (((uint64_t)1 << 52) - 1);
    made.words[1] |= high << 48 | fraction >> 4;
    made.words[0] = fraction << 60;
    return made.value;
}

double __trunctfdf2(long double x)
{
    quad from = {x};
    uint64_t high = from.words[1], low = from.words[0];
    number made = {.bits = high >> 63 << 63};
    int exponent = (int)(high >> 48 & 0x7fff) - 16383 + 1023;
    uint64_t fraction = high << 16 | low >> 48; // 64 bits of it
    uint64_t lost = low << 16 != 0;
    if (exponent == 0x7fff - 16383 + 1023)
        made.bits |= fraction || lost ? 0x7ff8000000000000 : 0x7ff0000000000000;
    else if (exponent >= 2047)
        made.bits |= 0x7ff0000000000000;
    else if (exponent > -54) {
        uint64_t all = (uint64_t)1 << 63 | fraction >> 1 | (fraction & 1) | lost;
        if (exponent <= 0) {
            int by = 1 - exponent;
            all = all >> by | (all << (64 - by) != 0);
            exponent = 1;
        }
        uint64_t result = ((uint64_t)(exponent - 1) << 52) + (all >> 11), rest = all & 2047;
        made.bits |= result + (rest > 1024 || (rest == 1024 && (result & 1)));
    }
    return made.value;
}
