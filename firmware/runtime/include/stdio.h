#ifndef _STDIO_H
#define _STDIO_H
#include <stdarg.h>
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

#define EOF (-1)
#define BUFSIZ 1024
#define FOPEN_MAX 64
#define FILENAME_MAX 4096
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2

typedef struct __file FILE;
typedef long fpos_t;
extern FILE *const stdin, *const stdout, *const stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr

#define __FORMAT(kind, text, first) __attribute__((__format__(kind, text, first)))
int printf(const char *restrict format, ...) __FORMAT(__printf__, 1, 2);
int fprintf(FILE *restrict file, const char *restrict format, ...) __FORMAT(__printf__, 2, 3);
int sprintf(char *restrict to, const char *restrict format, ...) __FORMAT(__printf__, 2, 3);
int snprintf(char *restrict to, size_t size, const char *restrict format, ...)
    __FORMAT(__printf__, 3, 4);
int vprintf(const char *restrict format, va_list values);
int vfprintf(FILE *restrict file, const char *restrict format, va_list values);
int vsprintf(char *restrict to, const char *restrict format, va_list values);
int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list values);
int scanf(const char *restrict format, ...) __FORMAT(__scanf__, 1, 2);
int fscanf(FILE *restrict file, const char *restrict format, ...) __FORMAT(__scanf__, 2, 3);
int sscanf(const char *restrict text, const char *restrict format, ...) __FORMAT(__scanf__, 2, 3);
int vfscanf(FILE *restrict file, const char *restrict format, va_list places);
int vsscanf(const char *restrict text, const char *restrict format, va_list places);

FILE *fopen(const char *restrict name, const char *restrict mode);
FILE *fdopen(int descriptor, const char *mode);
int fclose(FILE *file);
int fflush(FILE *file);
int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size);
void setbuf(FILE *restrict file, char *restrict buffer);
size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file);
size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict file);
int fgetc(FILE *file);
int getc(FILE *file);
int getchar(void);
int ungetc(int c, FILE *file);
char *fgets(char *restrict to, int size, FILE *restrict file);
int fputc(int c, FILE *file);
int putc(int c, FILE *file);
int putchar(int c);
int fputs(const char *restrict s, FILE *restrict file);
int puts(const char *s);
int fseek(FILE *file, long offset, int from);
long ftell(FILE *file);
void rewind(FILE *file);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);
int fileno(FILE *file);
void perror(const char *what);
int remove(const char *name);
int rename(const char *from, const char *to);

#ifdef __cplusplus
}
#endif
#endif
