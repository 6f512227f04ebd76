// Text: numbers formatted and parsed, lines split into words, words counted in a hash table, edit
// distances, a search.
#include "guest.h"

#ifndef SIZE
#define SIZE 160
#endif

enum { BUCKETS = 64, WORDS = 256, LINE = 2048 };

typedef struct word {
    struct word *next;
    const char *start;
    uint32_t length, count;
} word;

static word words[WORDS], *buckets[BUCKETS];
static uint32_t used;
static char line[LINE];

static uint32_t length_of(const char *s)
{
    const char *end = s;
    while (*end)
        end++;
    return (uint32_t)(end - s);
}

static int compare(const char *a, const char *b, uint32_t count)
{
    for (; count; count--, a++, b++)
        if (*a != *b)
            return *a < *b ? -1 : 1;
    return 0;
}

static char *copy(char *to, const char *from)
{
    while (*from)
        *to++ = *from++;
    return to;
}

static char *reversed(char *start, char *end)
{
    char *done = end;
    while (start < --end) {
        char c = *start;
        *start++ = *end;
        *end = c;
    }
    return done;
}

static char *put_unsigned(char *to, uint32_t value, uint32_t base, int width, char fill)
{
    char *start = to;
    do {
        *to++ = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    while (to - start < width)
        *to++ = fill;
    return reversed(start, to);
}

static char *put_signed(char *to, int32_t value, int width)
{
    if (value < 0) {
        *to++ = '-';
        return put_unsigned(to, 0u - (uint32_t)value, 10, width - 1, ' ');
    }
    return put_unsigned(to, (uint32_t)value, 10, width, ' ');
}

// As printf: %u %d %x %c %s, with a width, and 0 before it.
static char *format(char *to, const char *form, const uint32_t *values, const char *text)
{
    for (; *form; form++) {
        if (*form != '%') {
            *to++ = *form;
            continue;
        }
        char fill = ' ';
        int width = 0;
        for (form++; *form >= '0' && *form <= '9'; form++) {
            if (*form == '0' && width == 0)
                fill = '0';
            width = 10 * width + *form - '0';
        }
        switch (*form) {
        case 'u':
            to = put_unsigned(to, *values++, 10, width, fill);
            break;
        case 'x':
            to = put_unsigned(to, *values++, 16, width, fill);
            break;
        case 'd':
            to = put_signed(to, (int32_t)*values++, width);
            break;
        case 'c':
            *to++ = (char)(32 + *values++ % 95);
            break;
        case 's':
            to = copy(to, text);
            break;
        default:
            *to++ = '%';
        }
    }
    *to = 0;
    return to;
}

static const char *parsed(const char *from, uint32_t *value)
{
    uint32_t base = 10, sum = 0;
    if (from[0] == '0' && from[1] == 'x') {
        base = 16;
        from += 2;
    }
    for (;; from++) {
        uint32_t digit;
        if (*from >= '0' && *from <= '9')
            digit = (uint32_t)(*from - '0');
        else if (*from >= 'a' && *from <= 'f')
            digit = (uint32_t)(*from - 'a' + 10);
        else
            break;
        if (digit >= base)
            break;
        sum = base * sum + digit;
    }
    *value = sum;
    return from;
}

static uint32_t hash(const char *start, uint32_t length)
{
    uint32_t found = 2166136261u;
    while (length--)
        found = (found ^ (uint8_t)*start++) * 16777619u;
    return found;
}

static word *lookup(const char *start, uint32_t length)
{
    word **bucket = &buckets[hash(start, length) % BUCKETS];
    for (word *at = *bucket; at; at = at->next)
        if (at->length == length && compare(at->start, start, length) == 0)
            return at;
    if (used == WORDS)
        return words;
    word *made = &words[used++];
    *made = (word){*bucket, start, length, 0};
    return *bucket = made;
}

static void count_words(const char *text)
{
    while (*text) {
        while (*text == ' ' || *text == ',')
            text++;
        const char *start = text;
        while (*text && *text != ' ' && *text != ',')
            text++;
        if (text > start)
            lookup(start, (uint32_t)(text - start))->count++;
    }
}

static uint32_t distance(const word *a, const word *b)
{
    uint8_t row[32];
    uint32_t width = b->length < 31 ? b->length : 31;
    for (uint32_t j = 0; j <= width; j++)
        row[j] = (uint8_t)j;
    for (uint32_t i = 0; i < a->length; i++) {
        uint32_t diagonal = row[0];
        row[0] = (uint8_t)(i + 1);
        for (uint32_t j = 0; j < width; j++) {
            uint32_t best = diagonal + (a->start[i] != b->start[j]);
            diagonal = row[j + 1];
            if (row[j] + 1u < best)
                best = row[j] + 1u;
            if (diagonal + 1 < best)
                best = diagonal + 1;
            row[j + 1] = (uint8_t)best;
        }
    }
    return row[width];
}

static uint32_t occurrences(const char *text, const char *pattern)
{
    uint32_t found = 0, length = length_of(pattern);
    for (; *text; text++)
        if (*text == *pattern && length_of(text) >= length && compare(text, pattern, length) == 0)
            found++;
    return found;
}

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    static const char *const names[] = {"alpha", "beta", "gamma", "delta", "epsilon", "zeta"};
    uint32_t state = seed | 1, sum = 0;
    char *to = line;
    used = 0;
    for (int i = 0; i < BUCKETS; i++)
        buckets[i] = 0;
    for (int i = 0; i < SIZE && to < line + LINE - 64; i++) {
        uint32_t random = random32(&state);
        uint32_t values[] = {random % 97, random >> 20, random % 7 - 3, random};
        to = format(to, i % 3 ? "%s%u, %04x %d %c" : "%s 0x%x,%6u%% %d ", values, names[random % 6]);
    }
    count_words(line);
    for (const char *at = line; *at; at++) {
        uint32_t value;
        const char *end = parsed(at, &value);
        sum = mix(sum, value);
        at = end > at ? end - 1 : at;
    }
    for (uint32_t i = 1; i < used; i += 7)
        for (uint32_t j = i % 5; j < i; j += 5)
            sum += distance(&words[i], &words[j]) * words[i].count;
    return mix(sum, occurrences(line, names[seed % 6]) + used);
}
