// printf and its relatives.
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

struct file_sink {
    struct sink sink;
    FILE *file;
};

struct text_sink {
    struct sink sink;
    char *to;
    size_t size; // of what is left, with the zero at the end
};

static void to_file(struct sink *sink, const char *text, size_t count)
{
    fwrite(text, 1, count, ((struct file_sink *)sink)->file);
}

static void to_text(struct sink *sink, const char *text, size_t count)
{
    struct text_sink *s = (struct text_sink *)sink;
    size_t room = s->size ? s->size - 1 : 0, taken = count < room ? count : room;
    memcpy(s->to, text, taken);
    s->to += taken;
    s->size -= taken;
}

int vfprintf(FILE *restrict file, const char *restrict format, va_list values)
{
    struct file_sink sink = {{to_file, 0}, file};
    __format(&sink.sink, format, values);
    return ferror(file) ? -1 : (int)sink.sink.count;
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list values)
{
    struct text_sink sink = {{to_text, 0}, to, size};
    __format(&sink.sink, format, values);
    if (size)
        *sink.to = 0;
    return sink.sink.count;
}

int vprintf(const char *restrict format, va_list values)
{
    return vfprintf(stdout, format, values);
}

int vsprintf(char *restrict to, const char *restrict format, va_list values)
{
    return vsnprintf(to, INT_MAX, format, values);
}

#define FORWARD(call) \
    va_list values; \
    va_start(values, format); \
    int count = call; \
    va_end(values); \
    return count

int printf(const char *restrict format, ...)
{
    FORWARD(vfprintf(stdout, format, values));
}

int fprintf(FILE *restrict file, const char *restrict format, ...)
{
    FORWARD(vfprintf(file, format, values));
}

int sprintf(char *restrict to, const char *restrict format, ...)
{
    FORWARD(vsnprintf(to, INT_MAX, format, values));
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
{
    FORWARD(vsnprintf(to, size, format, values));
}
