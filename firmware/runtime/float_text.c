// From text to floating point, to the nearest number.
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "decimal.h"

// A format's bits behind the leading one, its bias, and the powers of ten that it holds exactly.
struct kind {
    int fraction, bias, powers;
};

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// An exponent behind `letter`, or none.
static const char *exponent_of(const char *s, char letter, int *exponent)
{
    const char *e = s + 1;
    if ((*s | 32) != letter)
        return s;
    int is_negative = *e == '-', value = 0;
    if (*e == '-' || *e == '+')
        e++;
    if (!isdigit(*e))
        return s;
    for (; isdigit(*e); e++)
        if (value < 100000)
            value = value * 10 + *e - '0';
    *exponent += is_negative ? -value : value;
    return e;
}

static double decimal(const char **text, const struct kind *kind)
{
    struct decimal number = {0};
    const char *s = *text;
    int has_point = 0, has_digits = 0;
    for (;; s++) {
        if (*s == '.' && !has_point) {
            has_point = 1;
        } else if (isdigit(*s)) {
            has_digits = 1;
            if (number.count || *s != '0') {
                if (number.count < DECIMAL_DIGITS)
                    number.digits[number.count++] = *s - '0';
                else if (*s != '0')
                    number.digits[DECIMAL_DIGITS - 1] |= 1;
                number.point += !has_point;
            } else {
                number.point -= has_point;
            }
        } else {
            break;
        }
    }
    if (!has_digits)
        return 0;
    s = exponent_of(s, 'e', &number.point);
    *text = s;
    while (number.count && !number.digits[number.count - 1])
        number.count--;
    int power = number.point - number.count;
    if (number.count && number.count <= 15 && power >= -kind->powers && power <= kind->powers) {
        uint64_t integer = 0;
        for (int i = 0; i < number.count; i++)
            integer = integer * 10 + number.digits[i];
        if (kind->fraction == 52)
            return power < 0 ? integer / tens[-power] : integer * tens[power];
        if (integer < 1 << 24) // both are exact in float, so that its quotient is rounded once
            return power < 0 ? (float)integer / (float)tens[-power]
                             : (float)integer * (float)tens[power];
    }
    return __from_decimal(&number, kind->fraction, kind->bias);
}

static double hexadecimal(const char **text, const struct kind *kind)
{
    uint64_t significand = 0;
    const char *s = *text + 2;
    int exponent = 0, has_point = 0, has_digits = 0;
    for (;; s++) {
        if (*s == '.' && !has_point) {
            has_point = 1;
        } else if (isxdigit(*s)) {
            unsigned digit = isdigit(*s) ? *s - '0' : (*s | 32) - 'a' + 10;
            has_digits = 1;
            if (significand >> 60) {
                significand |= digit != 0;
                exponent += has_point ? 0 : 4;
            } else {
                significand = significand << 4 | digit;
                exponent -= has_point ? 4 : 0;
            }
        } else {
            break;
        }
    }
    if (!has_digits) {
        *text += 1; // "0x" and no digit: only the zero
        return 0;
    }
    *text = exponent_of(s, 'p', &exponent);
    if (!significand)
        return 0;
    int top = 64 - __builtin_clzll(significand) + exponent; // 2^(top-1) <= value < 2^top
    int bits = kind->fraction + 1, least = 2 - kind->bias;
    bits -= top < least ? least - top : 0;
    int lost = top - bits - exponent;
    if (bits < 0)
        return 0;
    if (lost > 0) {
        uint64_t whole = lost < 64 ? significand >> lost : 0;
        uint64_t rest = significand - (lost < 64 ? whole << lost : 0);
        uint64_t half = (uint64_t)1 << (lost - 1);
        significand = whole + (rest > half || (rest == half && (whole & 1)));
        exponent += lost;
    }
    if (top > kind->bias + 1)
        return HUGE_VAL;
    return ldexp((double)significand, exponent);
}

static double parsed(const char *s, char **end, const struct kind *kind)
{
    const char *start = s, *stop;
    while (isspace(*s))
        s++;
    int is_negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    const char *text = s;
    double value;
    if (!strncasecmp(s, "inf", 3)) {
        value = INFINITY;
        stop = s + (strncasecmp(s, "infinity", 8) ? 3 : 8);
    } else if (!strncasecmp(s, "nan", 3)) {
        value = NAN;
        stop = s + 3;
        const char *close = s[3] == '(' ? strchr(s, ')') : 0;
        stop = close ? close + 1 : stop;
    } else {
        int is_hexadecimal = *s == '0' && (s[1] | 32) == 'x';
        value = (is_hexadecimal ? hexadecimal : decimal)(&s, kind);
        if (kind->fraction < 52)
            value = (float)value;
        stop = s == text ? start : s;
        if (isinf(value))
            errno = ERANGE;
    }
    if (end)
        *end = (char *)stop;
    return is_negative ? -value : value;
}

double strtod(const char *restrict s, char **restrict end)
{
    return parsed(s, end, &(struct kind){52, 1023, 22});
}

float strtof(const char *restrict s, char **restrict end)
{
    return parsed(s, end, &(struct kind){23, 127, 10});
}

double atof(const char *s)
{
    return strtod(s, 0);
}
