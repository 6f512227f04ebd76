// scanf and its relatives.
#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A stream or a text.
struct source {
    FILE *file;
    const char *text;
    int count; // characters taken
};

#define LONGEST 400 // of a number's text

static int next(struct source *from)
{
    int c = from->file ? fgetc(from->file) : *from->text ? (unsigned char)*from->text++ : EOF;
    from->count += c != EOF;
    return c;
}

static void back(struct source *from, int c)
{
    if (c == EOF)
        return;
    from->count--;
    if (from->file)
        ungetc(c, from->file);
    else
        from->text--;
}

static int skip_space(struct source *from)
{
    int c;
    while (isspace(c = next(from)))
        ;
    back(from, c);
    return c;
}

// The longest start of what follows that may be a number.
static int take_number(struct source *from, char *text, int width, int base, int is_float)
{
    int length = 0, c, has_digit = 0, is_hex = base == 16, has_point = 0, has_exponent = 0;
    width = width && width < LONGEST ? width : LONGEST;
    while (length < width && (c = next(from)) != EOF) {
        int last = length ? text[length - 1] | 32 : 0;
        int is_sign = (c == '-' || c == '+')
                      && (!length || (is_float && has_exponent && last == (is_hex ? 'p' : 'e')));
        int sign = length && (*text == '-' || *text == '+');
        int is_prefix = (c | 32) == 'x' && length == 1 + sign && last == '0' && has_digit
                        && (is_float || base == 0 || base == 16);
        int is_mark = is_float && has_digit && !has_exponent && (c | 32) == (is_hex ? 'p' : 'e');
        int is_digit = is_hex && !has_exponent ? isxdigit(c)
                       : base == 8             ? c >= '0' && c < '8'
                                               : isdigit(c);
        int is_word = is_float && !has_digit && isalpha(c); // inf, nan
        if (is_prefix)
            is_hex = 1;
        else if (is_mark)
            has_exponent = 1;
        else if (is_float && c == '.' && !has_point && !has_exponent)
            has_point = 1;
        else if (!is_sign && !is_digit && !is_word) {
            back(from, c);
            break;
        }
        has_digit |= is_digit;
        text[length++] = c;
    }
    text[length] = 0;
    return length;
}

static void store_integer(void *to, int size, uint64_t value)
{
    memcpy(to, &value, size);
}

// One conversion of a number: whether it matched.
static int scan_number(struct source *from, char conversion, int width, int size, void *to)
{
    char text[LONGEST + 1], *end;
    int is_float = strchr("aefgAEFG", conversion) != 0;
    int base = conversion == 'i' ? 0 : conversion == 'o' ? 8 : strchr("xXp", conversion) ? 16 : 10;
    if (!take_number(from, text, width, base, is_float))
        return 0;
    if (is_float) {
        double value = strtod(text, &end);
        if (end == text)
            return 0;
        if (!to)
            return 1;
        if (size == sizeof(long double))
            *(long double *)to = value;
        else if (size == sizeof(double))
            *(double *)to = value;
        else
            *(float *)to = strtof(text, 0);
        return 1;
    }
    uint64_t value = *text == '-' ? (uint64_t)strtoll(text, &end, base) : strtoull(text, &end, base);
    if (end == text)
        return 0;
    if (to)
        store_integer(to, size, value);
    return 1;
}

// The set of %[...]: a flag a character. Returns what is behind it.
static const char *parse_set(const char *f, char *set)
{
    int inverted = *f == '^';
    f += inverted;
    memset(set, inverted, 256);
    const char *start = f;
    for (; *f && (*f != ']' || f == start); f++) {
        if (f[1] == '-' && f[2] && f[2] != ']') {
            for (int c = (unsigned char)*f; c <= (unsigned char)f[2]; c++)
                set[c] = !inverted;
            f += 2;
        } else {
            set[(unsigned char)*f] = !inverted;
        }
    }
    return *f ? f + 1 : f;
}

// Characters while they are in the set: how many. A text ends with a zero, characters do not.
static int scan_text(struct source *from, const char *set, int width, int ends, char *to)
{
    int count = 0, c;
    for (; count < width; count++) {
        if ((c = next(from)) == EOF || !set[c]) {
            back(from, c);
            break;
        }
        if (to)
            *to++ = c;
    }
    if (to && count && ends)
        *to = 0;
    return count;
}

static const char *parse_size(const char *f, int *integer, int *floating)
{
    *integer = sizeof(int), *floating = sizeof(float);
    if (*f == 'h')
        *integer = f[1] == 'h' ? 1 : 2, f += 1 + (f[1] == 'h');
    else if (*f == 'l' && f[1] == 'l')
        *integer = 8, f += 2;
    else if (*f == 'l')
        *integer = sizeof(long), *floating = sizeof(double), f++;
    else if (*f == 'j')
        *integer = 8, f++;
    else if (*f == 'z' || *f == 't')
        f++;
    else if (*f == 'L')
        *floating = sizeof(long double), f++;
    return f;
}

static int scan(struct source *from, const char *f, va_list given)
{
    va_list places;
    va_copy(places, given);
    int matched = 0, integer, floating, c;
    char set[256];
    for (; *f; f++) {
        if (isspace(*f)) {
            skip_space(from);
            continue;
        }
        if (*f != '%' || f[1] == '%') {
            f += *f == '%';
            if ((c = next(from)) != (unsigned char)*f) {
                back(from, c);
                matched = c == EOF && !matched ? EOF : matched;
                break;
            }
            continue;
        }
        int is_dropped = *++f == '*', width = 0;
        for (f += is_dropped; isdigit(*f); f++)
            width = width * 10 + *f - '0';
        f = parse_size(f, &integer, &floating);
        void *to = is_dropped ? 0 : va_arg(places, void *);
        if (*f == 'n') {
            if (to)
                store_integer(to, integer, from->count);
            continue;
        }
        if (*f != 'c' && *f != '[')
            skip_space(from);
        if ((c = next(from)) == EOF) {
            matched = matched ? matched : EOF;
            break;
        }
        back(from, c);
        int found;
        if (*f == 's') {
            for (int i = 0; i < 256; i++)
                set[i] = !isspace(i);
            found = scan_text(from, set, width ? width : INT32_MAX, 1, to);
        } else if (*f == 'c') {
            memset(set, 1, 256);
            found = scan_text(from, set, width ? width : 1, 0, to) == (width ? width : 1);
        } else if (*f == '[') {
            f = parse_set(f + 1, set) - 1;
            found = scan_text(from, set, width ? width : INT32_MAX, 1, to);
        } else if (*f && strchr("diuoxXpaefgAEFG", *f)) {
            int size = strchr("diuoxXp", *f) ? integer : floating;
            found = scan_number(from, *f, width, size, to);
        } else {
            break;
        }
        if (!found)
            break;
        matched += !is_dropped;
    }
    va_end(places);
    return matched;
}

int vfscanf(FILE *restrict file, const char *restrict format, va_list places)
{
    return scan(&(struct source){file, 0, 0}, format, places);
}

int vsscanf(const char *restrict text, const char *restrict format, va_list places)
{
    return scan(&(struct source){0, text, 0}, format, places);
}

#define FORWARD(call) \
    va_list places; \
    va_start(places, format); \
    int count = call; \
    va_end(places); \
    return count

int scanf(const char *restrict format, ...)
{
    FORWARD(vfscanf(stdin, format, places));
}

int fscanf(FILE *restrict file, const char *restrict format, ...)
{
    FORWARD(vfscanf(file, format, places));
}

int sscanf(const char *restrict text, const char *restrict format, ...)
{
    FORWARD(vsscanf(text, format, places));
}
