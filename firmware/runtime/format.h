// Formatted output, whatever it goes to.
#ifndef FORMAT_H
#define FORMAT_H
#include <stdarg.h>
#include <stddef.h>

struct sink {
    void (*put)(struct sink *, const char *, size_t);
    size_t count; // bytes put so far
};

// How one conversion is to be written.
struct style {
    int width, precision; // -1: none given
    unsigned left : 1, plus : 1, space : 1, alternate : 1, zero : 1;
    char conversion;
};

void __format(struct sink *to, const char *format, va_list values);
void __put(struct sink *to, const char *text, size_t count);
void __pad(struct sink *to, char c, int count);

// Sign or base in front, then zeros up to `length` of the body, in the field of the style.
int __open_field(struct sink *to, const struct style *style, const char *prefix, int length);
void __close_field(struct sink *to, const struct style *style, int written);

void __format_float(struct sink *to, struct style *style, double value);

#endif
