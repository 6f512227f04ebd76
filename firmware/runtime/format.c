// printf's conversions, but those of floating point.
#include "format.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

void __put(struct sink *to, const char *text, size_t count)
{
    to->put(to, text, count);
    to->count += count;
}

void __pad(struct sink *to, char c, int count)
{
    char block[16];
    memset(block, c, sizeof block);
    for (; count > 0; count -= sizeof block)
        __put(to, block, count < (int)sizeof block ? count : (int)sizeof block);
}

int __open_field(struct sink *to, const struct style *style, const char *prefix, int length)
{
    int taken = strlen(prefix) + length;
    if (!style->left && !style->zero)
        __pad(to, ' ', style->width - taken);
    __put(to, prefix, strlen(prefix));
    if (!style->left && style->zero)
        __pad(to, '0', style->width - taken);
    return taken;
}

void __close_field(struct sink *to, const struct style *style, int written)
{
    if (style->left)
        __pad(to, ' ', style->width - written);
}

static void put_text(struct sink *to, struct style *style, const char *text, int length)
{
    style->zero = 0;
    int written = __open_field(to, style, "", length);
    __put(to, text, length);
    __close_field(to, style, written);
}

static void put_integer(struct sink *to, struct style *style, uint64_t value, const char *sign)
{
    char digits[24], *end = digits + sizeof digits, *start = end, prefix[3] = "";
    int conversion = style->conversion, is_upper = conversion == 'X';
    unsigned shift = conversion == 'o' ? 3 : tolower(conversion) == 'x' || conversion == 'p' ? 4 : 0;
    if (style->alternate && shift == 4 && value)
        sign = is_upper ? "0X" : "0x";
    uint64_t left = value;
    if (shift)
        for (; left; left >>= shift)
            *--start = (is_upper ? "0123456789ABCDEF" : "0123456789abcdef")[left & ((1 << shift) - 1)];
    else {
        for (; left >> 32; left /= 10)
            *--start = '0' + left % 10;
        for (uint32_t rest = left; rest; rest /= 10)
            *--start = '0' + rest % 10;
    }
    if (style->precision >= 0)
        style->zero = 0;
    else
        style->precision = 1;
    int zeros = style->precision - (int)(end - start);
    if (style->alternate && shift == 3 && zeros <= 0 && (start == end || *start != '0'))
        zeros = 1;
    zeros = zeros < 0 ? 0 : zeros;
    strcpy(prefix, sign);
    int written = __open_field(to, style, prefix, zeros + (end - start));
    __pad(to, '0', zeros);
    __put(to, start, end - start);
    __close_field(to, style, written);
}

// Flags, width and precision, up to the length. `values` by pointer, since `*` takes one.
static const char *parse(const char *f, struct style *style, va_list *values)
{
    *style = (struct style){.precision = -1};
    for (;; f++)
        if (*f == '-')
            style->left = 1;
        else if (*f == '+')
            style->plus = 1;
        else if (*f == ' ')
            style->space = 1;
        else if (*f == '#')
            style->alternate = 1;
        else if (*f == '0')
            style->zero = 1;
        else
            break;
    if (*f == '*') {
        style->width = va_arg(*values, int);
        if (style->width < 0)
            style->left = 1, style->width = -style->width;
        f++;
    } else {
        for (; isdigit(*f); f++)
            style->width = style->width * 10 + *f - '0';
    }
    if (*f != '.')
        return f;
    style->precision = 0;
    if (*++f == '*') {
        style->precision = va_arg(*values, int);
        f++;
    } else {
        for (; isdigit(*f); f++)
            style->precision = style->precision * 10 + *f - '0';
    }
    return f;
}

// The bytes of an integer argument, by its length modifier; 16 of a long double.
static const char *parse_length(const char *f, int *size)
{
    *size = sizeof(int);
    switch (*f) {
    case 'h':
        *size = f[1] == 'h' ? 1 : 2;
        return f + (*size == 1 ? 2 : 1);
    case 'l':
        *size = f[1] == 'l' ? sizeof(long long) : sizeof(long);
        return f + (f[1] == 'l' ? 2 : 1);
    case 'j':
        *size = sizeof(intmax_t);
        return f + 1;
    case 'z':
    case 't':
        *size = sizeof(size_t);
        return f + 1;
    case 'L':
        *size = sizeof(long double);
        return f + 1;
    }
    return f;
}

static uint64_t integer_argument(va_list *values, int size, int is_signed)
{
    uint64_t value = size == 8 ? va_arg(*values, uint64_t) : va_arg(*values, unsigned);
    int unused = 64 - 8 * size;
    return is_signed ? (uint64_t)((int64_t)(value << unused) >> unused) : value << unused >> unused;
}

static void put_signed(struct sink *to, struct style *style, int64_t value)
{
    const char *sign = value < 0 ? "-" : style->plus ? "+" : style->space ? " " : "";
    style->alternate = 0;
    put_integer(to, style, value < 0 ? -(uint64_t)value : value, sign);
}

static void store_count(struct sink *to, void *at, int size)
{
    switch (size) {
    case 1: *(signed char *)at = to->count; break;
    case 2: *(short *)at = to->count; break;
    case 8: *(long long *)at = to->count; break;
    default: *(int *)at = to->count;
    }
}

void __format(struct sink *to, const char *f, va_list given)
{
    va_list values;
    va_copy(values, given);
    for (;;) {
        const char *text = f;
        while (*f && *f != '%')
            f++;
        if (f != text)
            __put(to, text, f - text);
        if (!*f)
            break;
        struct style style;
        int size;
        const char *start = f;
        f = parse_length(parse(f + 1, &style, &values), &size);
        style.conversion = *f;
        switch (*f ? *f++ : 0) {
        case 'd':
        case 'i':
            put_signed(to, &style, integer_argument(&values, size, 1));
            break;
        case 'u':
        case 'x':
        case 'X':
        case 'o':
            put_integer(to, &style, integer_argument(&values, size, 0), "");
            break;
        case 'p':
            style.alternate = 1;
            put_integer(to, &style, (uintptr_t)va_arg(values, void *), "");
            break;
        case 'c': {
            char c = va_arg(values, int);
            put_text(to, &style, &c, 1);
            break;
        }
        case 's': {
            const char *s = va_arg(values, const char *);
            s = s ? s : "(null)";
            put_text(to, &style, s, strnlen(s, style.precision < 0 ? INT_MAX : style.precision));
            break;
        }
        case 'f': case 'F': case 'e': case 'E': case 'g': case 'G': case 'a': case 'A':
            if (size == sizeof(long double))
                __format_float(to, &style, va_arg(values, long double));
            else
                __format_float(to, &style, va_arg(values, double));
            break;
        case 'n':
            store_count(to, va_arg(values, void *), size);
            break;
        case '%':
            __put(to, "%", 1);
            break;
        default: // what is no conversion is written as it stands
            __put(to, start, f - start);
        }
    }
    va_end(values);
}
