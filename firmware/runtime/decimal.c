// Between binary and decimal, with every digit.
#include "decimal.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define BASE 1000000000u
#define LIMBS 90

static int multiplied(uint32_t *limbs, int count, uint32_t factor)
{
    uint32_t carry = 0;
    for (int i = 0; i < count; i++) {
        uint64_t product = (uint64_t)limbs[i] * factor + carry;
        carry = product / BASE;
        limbs[i] = (uint32_t)product - carry * BASE;
    }
    if (carry)
        limbs[count++] = carry;
    return count;
}

static void trimmed(struct decimal *number)
{
    while (number->count && !number->digits[number->count - 1])
        number->count--;
    if (!number->count)
        number->point = 0;
}

void __to_decimal(struct decimal *to, double value)
{
    union {
        double value;
        uint64_t bits;
    } both = {value};
    int exponent = both.bits >> 52;
    uint64_t significand = both.bits & (((uint64_t)1 << 52) - 1);
    if (exponent)
        significand |= (uint64_t)1 << 52, exponent--;
    exponent -= 1074;
    to->count = to->point = 0;
    if (!significand)
        return;
    for (; !(significand & 1); exponent++)
        significand >>= 1;
    // An integer: what 2^-n leaves of it is 5^n / 10^n.
    uint32_t limbs[LIMBS];
    int count = 0, scale = exponent < 0 ? -exponent : 0;
    for (; significand; significand /= BASE)
        limbs[count++] = significand % BASE;
    for (; exponent > 0; exponent -= exponent > 29 ? 29 : exponent)
        count = multiplied(limbs, count, 1u << (exponent > 29 ? 29 : exponent));
    for (; exponent <= -12; exponent += 12)
        count = multiplied(limbs, count, 244140625);
    for (; exponent < 0; exponent++)
        count = multiplied(limbs, count, 5);
    while (count--) {
        uint32_t limb = limbs[count], unit = BASE / 10;
        for (; unit; limb %= unit, unit /= 10)
            if (to->count || limb >= unit)
                to->digits[to->count++] = limb / unit;
    }
    to->point = to->count - scale;
    trimmed(to);
}

void __round_decimal(struct decimal *number, int digits)
{
    char *d = number->digits;
    if (digits >= number->count)
        return;
    if (digits < 0) {
        number->count = number->point = 0;
        return;
    }
    int is_half = d[digits] == 5 && digits + 1 == number->count;
    int is_odd = digits && d[digits - 1] & 1;
    int up = is_half ? is_odd : d[digits] >= 5;
    number->count = digits;
    if (up) {
        while (digits && d[digits - 1] == 9)
            digits--;
        if (digits) {
            d[digits - 1]++;
        } else {
            d[0] = digits = 1;
            number->point++;
        }
        number->count = digits;
    }
    trimmed(number);
}

// Halve `by` times, 1 to 27.
static void shift_right(struct decimal *number, int by)
{
    char *d = number->digits;
    uint32_t rest = 0, mask = (1u << by) - 1;
    int read = 0, written = 0;
    for (; !(rest >> by); read++)
        rest = rest * 10 + (read < number->count ? d[read] : 0);
    number->point -= read - 1;
    for (; read < number->count; read++) {
        d[written++] = rest >> by;
        rest = (rest & mask) * 10 + d[read];
    }
    for (; rest; rest = (rest & mask) * 10) {
        if (written < DECIMAL_DIGITS)
            d[written++] = rest >> by;
        else if (rest)
            d[DECIMAL_DIGITS - 1] |= 1; // not zero: enough to round by
        if (written == DECIMAL_DIGITS && !(rest & mask))
            break;
    }
    number->count = written;
    trimmed(number);
}

// Double `by` times, 1 to 27.
static void shift_left(struct decimal *number, int by)
{
    char *d = number->digits;
    int more = (by * 1233 >> 12) + 1;
    uint32_t carry = 0;
    for (int i = number->count; i--;) {
        carry += (uint32_t)d[i] << by;
        d[i + more] = carry % 10;
        carry /= 10;
    }
    for (int i = more; i--; carry /= 10)
        d[i] = carry % 10;
    int zeros = 0;
    while (!d[zeros])
        zeros++;
    number->point += more - zeros;
    number->count += more - zeros;
    memmove(d, d + zeros, number->count);
    if (number->count > DECIMAL_DIGITS) {
        for (int i = DECIMAL_DIGITS; i < number->count; i++)
            d[DECIMAL_DIGITS - 1] |= d[i] != 0;
        number->count = DECIMAL_DIGITS;
    }
    trimmed(number);
}

double __from_decimal(struct decimal *from, int fraction, int bias)
{
    if (!from->count || from->point < -400)
        return 0;
    if (from->point > 400)
        return HUGE_VAL;
    // To 1/2 <= number < 1, times 2^exponent.
    int exponent = 0;
    while (from->point > 0) {
        int by = from->point > 8 ? 27 : from->point * 3;
        shift_right(from, by);
        exponent += by;
    }
    while (from->point < 0 || from->digits[0] < 5) {
        int by = from->point < -8 ? 27 : from->point < 0 ? -from->point * 3 : 1;
        shift_left(from, by);
        exponent -= by;
    }
    int bits = fraction + 1, least = 1 - bias + 1; // the exponent of the least normal number
    if (exponent < least)
        bits -= least - exponent;
    if (bits < 0)
        return 0;
    for (int left = bits; left; left -= left > 27 ? 27 : left)
        shift_left(from, left > 27 ? 27 : left);
    __round_decimal(from, from->point < 0 ? -1 : from->point);
    uint64_t integer = 0;
    for (int i = 0; i < from->point; i++)
        integer = integer * 10 + (i < from->count ? from->digits[i] : 0);
    if (integer >> (fraction + 1))
        integer >>= 1, exponent++;
    if (exponent > bias + 1)
        return HUGE_VAL;
    return ldexp((double)integer, exponent - bits);
}
