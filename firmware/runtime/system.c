// What the host does for a program: files, memory, time.
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#undef errno
int errno;

long __checked(long result)
{
    if (result < 0 && result > -4096) {
        errno = -result;
        return -1;
    }
    return result;
}

#ifdef HTIF
_Noreturn void __halt(int status);
#endif

_Noreturn void _exit(int status)
{
#ifdef HTIF
    __halt(status & 255);
#else
    for (;;)
        __system_call(SYSTEM_EXIT_GROUP, status);
#endif
}

ssize_t read(int file, void *to, size_t count)
{
    return __checked(__system_call(SYSTEM_READ, file, to, count));
}

ssize_t write(int file, const void *from, size_t count)
{
    return __checked(__system_call(SYSTEM_WRITE, file, from, count));
}

int open(const char *name, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return __checked(__system_call(SYSTEM_OPENAT, AT_FDCWD, name, flags, mode));
}

int close(int file)
{
    return __checked(__system_call(SYSTEM_CLOSE, file));
}

off_t lseek(int file, off_t offset, int from)
{
    int64_t reached;
    long high = offset >> 32, low = offset;
    return __checked(__system_call(SYSTEM_LLSEEK, file, high, low, &reached, from)) ? -1 : reached;
}

int dup(int file)
{
    return __checked(__system_call(SYSTEM_DUP, file));
}

int unlink(const char *name)
{
    return __checked(__system_call(SYSTEM_UNLINKAT, AT_FDCWD, name, 0));
}

int rmdir(const char *name)
{
    return __checked(__system_call(SYSTEM_UNLINKAT, AT_FDCWD, name, AT_REMOVEDIR));
}

int mkdir(const char *name, mode_t mode)
{
    return __checked(__system_call(SYSTEM_MKDIRAT, AT_FDCWD, name, mode));
}

int access(const char *name, int mode)
{
    return __checked(__system_call(SYSTEM_FACCESSAT, AT_FDCWD, name, mode));
}

int chdir(const char *name)
{
    return __checked(__system_call(SYSTEM_CHDIR, name));
}

char *getcwd(char *to, size_t size)
{
    return __checked(__system_call(SYSTEM_GETCWD, to, size)) < 0 ? 0 : to;
}

ssize_t readlink(const char *restrict name, char *restrict to, size_t size)
{
    return __checked(__system_call(SYSTEM_READLINKAT, AT_FDCWD, name, to, size));
}

int rename(const char *from, const char *to)
{
    return __checked(__system_call(SYSTEM_RENAMEAT2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int remove(const char *name)
{
    return !unlink(name) ? 0 : errno == EISDIR ? rmdir(name) : -1;
}

int isatty(int file)
{
    char size[8];
    return !__checked(__system_call(SYSTEM_IOCTL, file, 0x5413, size)); // TIOCGWINSZ
}

pid_t getpid(void)
{
    return __system_call(SYSTEM_GETPID);
}

// Status: Linux has only statx on RV32.

static int status(int at, const char *name, int flags, struct stat *to)
{
    struct {
        uint32_t mask, block;
        uint64_t attributes;
        uint32_t links, user, group;
        uint16_t mode, spare;
        uint64_t inode, size, rest[26];
    } found;
    if (__checked(__system_call(SYSTEM_STATX, at, name, flags, 0x7ff, &found)))
        return -1;
    *to = (struct stat){found.inode, found.mode, found.links, found.user, found.group, found.size};
    return 0;
}

int stat(const char *restrict name, struct stat *restrict to)
{
    return status(AT_FDCWD, name, 0, to);
}

int lstat(const char *restrict name, struct stat *restrict to)
{
    return status(AT_FDCWD, name, 0x100, to); // AT_SYMLINK_NOFOLLOW
}

int fstat(int file, struct stat *to)
{
    return status(file, "", 0x1000, to); // AT_EMPTY_PATH
}

// Memory: the end of the data segment, as the host or, on the bare machine, the linker has it.

#ifdef HTIF
extern char __heap_start[], __heap_end[];
static char *end = __heap_start;

int brk(void *to)
{
    if ((char *)to < __heap_start || (char *)to > __heap_end)
        return errno = ENOMEM, -1;
    end = to;
    return 0;
}
#else
static char *end;

int brk(void *to)
{
    end = (char *)__system_call(SYSTEM_BRK, to);
    return end == to ? 0 : (errno = ENOMEM, -1);
}
#endif

void *sbrk(intptr_t bytes)
{
    if (!end)
        brk(0);
    char *before = end;
    return !bytes || !brk(before + bytes) ? before : (void *)-1;
}

// Time

int clock_gettime(int clock, struct timespec *to)
{
    return __checked(__system_call(SYSTEM_CLOCK_GETTIME64, clock, to));
}

int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    to->tv_sec = now.tv_sec;
    to->tv_usec = (long)now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *to)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    return to ? *to = now.tv_sec : now.tv_sec;
}

clock_t clock(void)
{
    struct timespec now;
    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now))
        return -1;
    return (clock_t)(uint32_t)(now.tv_sec * CLOCKS_PER_SEC + (long)now.tv_nsec / 1000);
}

double difftime(time_t end, time_t start)
{
    return (double)(end - start);
}
