// From text to integers.
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

// Digits up to `most`, beyond which the result is `most` and errno ERANGE.
static unsigned long long parsed(const char *s, char **end, int base, unsigned long long positive,
                                 unsigned long long negative)
{
    const char *start = s;
    while (isspace(*s))
        s++;
    int is_negative = *s == '-', is_beyond = 0;
    if (*s == '-' || *s == '+')
        s++;
    int has_prefix = *s == '0' && (s[1] | 32) == 'x' && isxdigit(s[2]);
    if ((base == 0 || base == 16) && has_prefix)
        s += 2, base = 16;
    else if (base == 0)
        base = *s == '0' ? 8 : 10;
    unsigned long long value = 0, most = is_negative ? negative : positive;
    const char *digits = s;
    for (;; s++) {
        int digit = isdigit(*s) ? *s - '0' : isalpha(*s) ? (*s | 32) - 'a' + 10 : 36;
        if (digit >= base)
            break;
        if (value > (most - digit) / base)
            is_beyond = 1;
        else
            value = value * base + digit;
    }
    if (end)
        *end = (char *)(s == digits ? start : s);
    if (is_beyond) {
        errno = ERANGE;
        value = most;
        if (negative == positive)
            return value; // an unsigned number that does not fit has no sign either
    }
    return is_negative ? -value : value;
}

long long strtoll(const char *restrict s, char **restrict end, int base)
{
    return parsed(s, end, base, LLONG_MAX, (unsigned long long)LLONG_MAX + 1);
}

unsigned long long strtoull(const char *restrict s, char **restrict end, int base)
{
    return parsed(s, end, base, ULLONG_MAX, ULLONG_MAX);
}

long strtol(const char *restrict s, char **restrict end, int base)
{
    return parsed(s, end, base, LONG_MAX, (unsigned long)LONG_MAX + 1);
}

unsigned long strtoul(const char *restrict s, char **restrict end, int base)
{
    return parsed(s, end, base, ULONG_MAX, ULONG_MAX);
}

int atoi(const char *s) { return strtol(s, 0, 10); }
long atol(const char *s) { return strtol(s, 0, 10); }
long long atoll(const char *s) { return strtoll(s, 0, 10); }
