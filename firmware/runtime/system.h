// System calls that the runtime makes, by Linux's numbers for RV32.
#ifndef SYSTEM_H
#define SYSTEM_H

enum {
    SYSTEM_GETCWD = 17,
    SYSTEM_DUP = 23,
    SYSTEM_IOCTL = 29,
    SYSTEM_MKDIRAT = 34,
    SYSTEM_UNLINKAT = 35,
    SYSTEM_FACCESSAT = 48,
    SYSTEM_CHDIR = 49,
    SYSTEM_OPENAT = 56,
    SYSTEM_CLOSE = 57,
    SYSTEM_LLSEEK = 62,
    SYSTEM_READ = 63,
    SYSTEM_WRITE = 64,
    SYSTEM_READLINKAT = 78,
    SYSTEM_EXIT_GROUP = 94,
    SYSTEM_TGKILL = 131,
    SYSTEM_GETPID = 172,
    SYSTEM_GETTID = 178,
    SYSTEM_BRK = 214,
    SYSTEM_RENAMEAT2 = 276,
    SYSTEM_STATX = 291,
    SYSTEM_CLOCK_GETTIME64 = 403,
};

// The result, or -1 with errno set.
long __checked(long result);

#endif
