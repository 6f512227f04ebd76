// Strings.
#include <string.h>

#include <ctype.h>
#include <stdlib.h>

size_t strlen(const char *s)
{
    const char *end = s;
    while (*end)
        end++;
    return end - s;
}

size_t strnlen(const char *s, size_t most)
{
    size_t length = 0;
    while (length < most && s[length])
        length++;
    return length;
}

char *stpcpy(char *restrict to, const char *restrict from)
{
    while ((*to = *from++))
        to++;
    return to;
}

char *strcpy(char *restrict to, const char *restrict from)
{
    stpcpy(to, from);
    return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t count)
{
    size_t length = strnlen(from, count);
    memcpy(to, from, length);
    memset(to + length, 0, count - length);
    return to;
}

char *strcat(char *restrict to, const char *restrict from)
{
    stpcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *restrict to, const char *restrict from, size_t most)
{
    size_t length = strnlen(from, most);
    char *end = to + strlen(to);
    memcpy(end, from, length);
    end[length] = 0;
    return to;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strcoll(const char *a, const char *b)
{
    return strcmp(a, b);
}

int strncmp(const char *a, const char *b, size_t most)
{
    for (; most && *a && *a == *b; most--)
        a++, b++;
    return most ? (unsigned char)*a - (unsigned char)*b : 0;
}

int strncasecmp(const char *a, const char *b, size_t most)
{
    for (; most && *a && tolower(*a) == tolower(*b); most--)
        a++, b++;
    return most ? tolower((unsigned char)*a) - tolower((unsigned char)*b) : 0;
}

int strcasecmp(const char *a, const char *b)
{
    return strncasecmp(a, b, -1);
}

char *strchr(const char *s, int c)
{
    for (; *s != (char)c; s++)
        if (!*s)
            return 0;
    return (char *)s;
}

char *strrchr(const char *s, int c)
{
    const char *found = 0;
    do
        if (*s == (char)c)
            found = s;
    while (*s++);
    return (char *)found;
}

char *strstr(const char *in, const char *s)
{
    size_t length = strlen(s);
    for (; strncmp(in, s, length); in++)
        if (!*in)
            return 0;
    return (char *)in;
}

static size_t span(const char *s, const char *set, int wanted)
{
    size_t length = 0;
    while (s[length] && (strchr(set, s[length]) != 0) == wanted)
        length++;
    return length;
}

size_t strspn(const char *s, const char *set)
{
    return span(s, set, 1);
}

size_t strcspn(const char *s, const char *set)
{
    return span(s, set, 0);
}

char *strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)s : 0;
}

char *strtok_r(char *restrict s, const char *restrict separators, char **restrict rest)
{
    s = s ? s : *rest;
    s += strspn(s, separators);
    if (!*s) {
        *rest = s;
        return 0;
    }
    char *end = s + strcspn(s, separators);
    *rest = *end ? end + 1 : end;
    *end = 0;
    return s;
}

char *strtok(char *restrict s, const char *restrict separators)
{
    static char *rest;
    return strtok_r(s, separators, &rest);
}

char *strndup(const char *s, size_t most)
{
    size_t length = strnlen(s, most);
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, s, length);
        copy[length] = 0;
    }
    return copy;
}

char *strdup(const char *s)
{
    return strndup(s, -1);
}
