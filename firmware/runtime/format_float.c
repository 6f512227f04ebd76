// printf's %f %e %g %a, with every digit right.
#include "format.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "decimal.h"

// `count` digits from the `from`th on; those that are not there are zeros.
static void put_digits(struct sink *to, const struct decimal *number, int from, int count)
{
    for (; count > 0 && from < 0; from++, count--)
        __put(to, "0", 1);
    for (; count > 0 && from < number->count; from++, count--)
        __put(to, &(char){'0' + number->digits[from]}, 1);
    __pad(to, '0', count);
}

static void put_fixed(struct sink *to, struct style *style, const struct decimal *number,
                      const char *sign, int places)
{
    int whole = number->point > 0 ? number->point : 1, has_point = places || style->alternate;
    int written = __open_field(to, style, sign, whole + has_point + places);
    put_digits(to, number, number->point > 0 ? 0 : number->point - 1, whole);
    if (has_point)
        __put(to, ".", 1);
    put_digits(to, number, number->point, places);
    __close_field(to, style, written);
}

// An exponent with its sign and two digits or more.
static int exponent_text(char *text, char letter, int exponent, int least)
{
    char digits[8];
    int count = 0, length = 0;
    unsigned left = exponent < 0 ? -exponent : exponent;
    for (; left || count < least; left /= 10)
        digits[count++] = '0' + left % 10;
    text[length++] = letter;
    text[length++] = exponent < 0 ? '-' : '+';
    while (count)
        text[length++] = digits[--count];
    return length;
}

static void put_scientific(struct sink *to, struct style *style, const struct decimal *number,
                           const char *sign, int places)
{
    char exponent[8];
    int length = exponent_text(exponent, isupper(style->conversion) ? 'E' : 'e',
                               number->count ? number->point - 1 : 0, 2);
    int has_point = places || style->alternate;
    int written = __open_field(to, style, sign, 1 + has_point + places + length);
    put_digits(to, number, 0, 1);
    if (has_point)
        __put(to, ".", 1);
    put_digits(to, number, 1, places);
    __put(to, exponent, length);
    __close_field(to, style, written);
}

static void put_shortest(struct sink *to, struct style *style, struct decimal *number,
                         const char *sign, int digits)
{
    digits = digits ? digits : 1;
    __round_decimal(number, digits);
    int exponent = number->count ? number->point - 1 : 0;
    int is_fixed = -4 <= exponent && exponent < digits;
    int places = is_fixed ? digits - 1 - exponent : digits - 1;
    if (!style->alternate) {
        int needed = is_fixed ? number->count - number->point : number->count - 1;
        needed = needed < 0 ? 0 : needed;
        places = places < needed ? places : needed;
    }
    (is_fixed ? put_fixed : put_scientific)(to, style, number, sign, places);
}

static void put_hexadecimal(struct sink *to, struct style *style, double value, const char *sign)
{
    union {
        double value;
        uint64_t bits;
    } both = {value};
    int is_upper = isupper(style->conversion), places = style->precision;
    int exponent = both.bits >> 52 & 2047;
    uint64_t significand = both.bits & (((uint64_t)1 << 52) - 1);
    significand |= exponent ? (uint64_t)1 << 52 : 0;
    exponent = !significand ? 0 : exponent ? exponent - 1023 : -1022;
    if (places >= 0 && places < 13) {
        int lost = 52 - 4 * places;
        uint64_t rest = significand & (((uint64_t)1 << lost) - 1), half = (uint64_t)1 << (lost - 1);
        significand >>= lost;
        significand += rest > half || (rest == half && (significand & 1));
        significand <<= lost;
    } else if (places < 0) {
        places = 13;
        for (uint64_t s = significand; places && !(s & 15); s >>= 4)
            places--;
    }
    char digits[16], tail[8], prefix[4];
    for (int i = 0; i < 14; i++)
        digits[i] = (is_upper ? "0123456789ABCDEF" : "0123456789abcdef")[significand >> (52 - 4 * i) & 15];
    int length = exponent_text(tail, is_upper ? 'P' : 'p', exponent, 1);
    int has_point = places || style->alternate;
    strcpy(prefix, sign);
    strcat(prefix, is_upper ? "0X" : "0x");
    int written = __open_field(to, style, prefix, 1 + has_point + places + length);
    __put(to, digits, 1);
    if (has_point)
        __put(to, ".", 1);
    __put(to, digits + 1, places < 13 ? places : 13);
    __pad(to, '0', places - 13);
    __put(to, tail, length);
    __close_field(to, style, written);
}

void __format_float(struct sink *to, struct style *style, double value)
{
    const char *sign = signbit(value) ? "-" : style->plus ? "+" : style->space ? " " : "";
    int precision = style->precision < 0 ? 6 : style->precision;
    if (!isfinite(value)) {
        const char *text = isnan(value) ? "nan" : "inf";
        if (isupper(style->conversion))
            text = isnan(value) ? "NAN" : "INF";
        style->zero = 0;
        int written = __open_field(to, style, sign, 3);
        __put(to, text, 3);
        __close_field(to, style, written);
        return;
    }
    value = fabs(value);
    struct decimal number;
    switch (tolower(style->conversion)) {
    case 'a':
        put_hexadecimal(to, style, value, sign);
        return;
    case 'f':
        __to_decimal(&number, value);
        __round_decimal(&number, number.point + precision);
        put_fixed(to, style, &number, sign, precision);
        return;
    case 'e':
        __to_decimal(&number, value);
        __round_decimal(&number, precision + 1);
        put_scientific(to, style, &number, sign, precision);
        return;
    default:
        __to_decimal(&number, value);
        put_shortest(to, style, &number, sign, precision);
    }
}
