// Streams. Standard output goes out by the line, whatever it leads to, so that the steps of a
// program do not depend on a redirection; standard error at once; all others by the block.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct __file {
    int descriptor;
    char mode; // how it buffers
    unsigned can_read : 1, can_write : 1, is_writing : 1, at_end : 1, failed : 1, is_allocated : 1;
    unsigned char *buffer;
    size_t size; // of the buffer
    size_t start, end; // what has been read and not been taken, or is to be written
    int pushed; // behind ungetc, or EOF
    FILE *next; // of all that are open
};

extern void (*__at_end)(void);

static unsigned char input[BUFSIZ], output[BUFSIZ];
static FILE files[3] = {
    {0, _IOFBF, .can_read = 1, .buffer = input, .size = BUFSIZ, .pushed = EOF, .next = files + 1},
    {1, _IOLBF, .can_write = 1, .buffer = output, .size = BUFSIZ, .pushed = EOF, .next = files + 2},
    {2, _IONBF, .can_write = 1, .pushed = EOF},
};
FILE *const stdin = files, *const stdout = files + 1, *const stderr = files + 2;

static int written(FILE *file, const unsigned char *from, size_t count)
{
    while (count) {
        ssize_t done = write(file->descriptor, from, count);
        if (done <= 0) {
            file->failed = 1;
            return EOF;
        }
        from += done, count -= done;
    }
    return 0;
}

static int flushed(FILE *file)
{
    if (!file->is_writing)
        return 0;
    size_t count = file->end;
    file->end = 0;
    return written(file, file->buffer, count);
}

static void flush_all(void)
{
    for (FILE *file = files; file; file = file->next)
        flushed(file);
}

int fflush(FILE *file)
{
    if (file)
        return flushed(file);
    flush_all();
    return 0;
}

// Ready to write or to read; what the other direction has in the buffer goes.
static int turned(FILE *file, int to_write)
{
    if (to_write ? !file->can_write : !file->can_read) {
        errno = EBADF;
        file->failed = 1;
        return EOF;
    }
    __at_end = flush_all;
    if (file->is_writing == (unsigned)to_write)
        return 0;
    if (to_write) {
        if (file->start != file->end)
            lseek(file->descriptor, (off_t)file->start - (off_t)file->end, SEEK_CUR);
        file->pushed = EOF;
    } else {
        flushed(file);
    }
    file->start = file->end = 0;
    file->is_writing = to_write;
    return 0;
}

// More to read: whether there is any.
static int filled(FILE *file)
{
    if (turned(file, 0))
        return 0;
    if (file == stdin)
        flushed(stdout); // a question comes before its answer
    unsigned char *to = file->buffer;
    ssize_t count = read(file->descriptor, to, file->size);
    file->start = file->end = 0;
    if (count > 0)
        file->end = count;
    else if (count < 0)
        file->failed = 1;
    else
        file->at_end = 1;
    return count > 0;
}

size_t fread(void *restrict to, size_t size, size_t count, FILE *restrict file)
{
    unsigned char *t = to;
    size_t left = size * count;
    if (!left || turned(file, 0))
        return 0;
    if (file->pushed != EOF) {
        *t++ = file->pushed, left--;
        file->pushed = EOF;
    }
    while (left) {
        if (file->start == file->end && !filled(file))
            break;
        size_t there = file->end - file->start, taken = there < left ? there : left;
        memcpy(t, file->buffer + file->start, taken);
        file->start += taken;
        t += taken, left -= taken;
    }
    return (size * count - left) / size;
}

size_t fwrite(const void *restrict from, size_t size, size_t count, FILE *restrict file)
{
    const unsigned char *f = from;
    size_t length = size * count;
    if (!length || turned(file, 1))
        return 0;
    if (file->mode == _IONBF || length >= file->size)
        return flushed(file) || written(file, f, length) ? 0 : count;
    if (file->end + length > file->size && flushed(file))
        return 0;
    memcpy(file->buffer + file->end, f, length);
    file->end += length;
    if (file->mode == _IOLBF && memchr(f, '\n', length) && flushed(file))
        return 0;
    return count;
}

int fgetc(FILE *file)
{
    unsigned char c;
    if (file->start < file->end && !file->is_writing && file->pushed == EOF)
        return file->buffer[file->start++];
    return fread(&c, 1, 1, file) ? c : EOF;
}

int fputc(int c, FILE *file)
{
    unsigned char byte = c;
    return fwrite(&byte, 1, 1, file) ? byte : EOF;
}

int getc(FILE *file) { return fgetc(file); }
int getchar(void) { return fgetc(stdin); }
int putc(int c, FILE *file) { return fputc(c, file); }
int putchar(int c) { return fputc(c, stdout); }

int ungetc(int c, FILE *file)
{
    if (c == EOF || file->pushed != EOF || turned(file, 0))
        return EOF;
    file->at_end = 0;
    return file->pushed = (unsigned char)c;
}

char *fgets(char *restrict to, int size, FILE *restrict file)
{
    char *t = to;
    int c = 0;
    while (--size > 0 && c != '\n' && (c = fgetc(file)) != EOF)
        *t++ = c;
    if (t == to)
        return 0;
    *t = 0;
    return to;
}

int fputs(const char *restrict s, FILE *restrict file)
{
    size_t length = strlen(s);
    return fwrite(s, 1, length, file) == length ? 0 : EOF;
}

int puts(const char *s)
{
    return fputs(s, stdout) || fputc('\n', stdout) == EOF ? EOF : 0;
}

int feof(FILE *file) { return file->at_end; }
int ferror(FILE *file) { return file->failed; }
int fileno(FILE *file) { return file->descriptor; }

void clearerr(FILE *file)
{
    file->at_end = file->failed = 0;
}

int setvbuf(FILE *restrict file, char *restrict buffer, int mode, size_t size)
{
    flushed(file);
    file->mode = file->size ? mode : _IONBF;
    if (buffer && size) {
        file->buffer = (unsigned char *)buffer;
        file->size = size;
        file->mode = mode;
    }
    return 0;
}

void setbuf(FILE *restrict file, char *restrict buffer)
{
    setvbuf(file, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ);
}

// Positions

int fseek(FILE *file, long offset, int from)
{
    if (flushed(file))
        return -1;
    if (!file->is_writing && from == SEEK_CUR)
        offset -= (long)(file->end - file->start) + (file->pushed != EOF);
    if (lseek(file->descriptor, offset, from) < 0)
        return -1;
    file->start = file->end = 0;
    file->pushed = EOF;
    file->at_end = 0;
    return 0;
}

long ftell(FILE *file)
{
    long at = lseek(file->descriptor, 0, SEEK_CUR);
    if (at < 0)
        return -1;
    if (file->is_writing)
        return at + (long)file->end;
    return at - (long)(file->end - file->start) - (file->pushed != EOF);
}

void rewind(FILE *file)
{
    fseek(file, 0, SEEK_SET);
    clearerr(file);
}

// Opening and closing

FILE *fdopen(int descriptor, const char *mode)
{
    FILE *file = calloc(1, sizeof *file + BUFSIZ);
    if (!file)
        return 0;
    int both = strchr(mode, '+') != 0;
    file->descriptor = descriptor;
    file->can_read = both || *mode == 'r';
    file->can_write = both || *mode != 'r';
    file->buffer = (unsigned char *)(file + 1);
    file->size = BUFSIZ;
    file->pushed = EOF;
    file->is_allocated = 1;
    file->next = files[2].next;
    files[2].next = file;
    return file;
}

FILE *fopen(const char *restrict name, const char *restrict mode)
{
    int flags = strchr(mode, '+') ? O_RDWR : *mode == 'r' ? O_RDONLY : O_WRONLY;
    if (*mode == 'w')
        flags |= O_CREAT | O_TRUNC;
    else if (*mode == 'a')
        flags |= O_CREAT | O_APPEND;
    else if (*mode != 'r') {
        errno = EINVAL;
        return 0;
    }
    if (strchr(mode, 'x'))
        flags |= O_EXCL;
    int descriptor = open(name, flags, 0666);
    if (descriptor < 0)
        return 0;
    FILE *file = fdopen(descriptor, mode);
    if (!file)
        close(descriptor);
    return file;
}

int fclose(FILE *file)
{
    int failed = flushed(file);
    if (close(file->descriptor))
        failed = EOF;
    if (!file->is_allocated)
        return failed;
    for (FILE *f = files; f; f = f->next)
        if (f->next == file)
            f->next = file->next;
    free(file);
    return failed;
}
