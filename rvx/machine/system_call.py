"""The numbers of system calls and of their errors: Linux's for RV32, and newlib's where it has
others."""

from __future__ import annotations

from enum import IntEnum


class Call(IntEnum):
    """System calls, as Linux (asm-generic/unistd.h) and newlib's libgloss number them."""

    GETCWD = 17
    DUP = 23
    DUP3 = 24
    FCNTL = 25
    IOCTL = 29
    MKDIRAT = 34
    UNLINKAT = 35
    SYMLINKAT = 36
    LINKAT = 37
    RENAMEAT = 38
    FTRUNCATE = 46
    FACCESSAT = 48
    CHDIR = 49
    OPENAT = 56
    CLOSE = 57
    GETDENTS = 61
    LSEEK = 62
    READ = 63
    WRITE = 64
    READV = 65
    WRITEV = 66
    PREAD = 67
    PWRITE = 68
    READLINKAT = 78
    NEWFSTATAT = 79
    FSTAT = 80
    FSYNC = 82
    FDATASYNC = 83
    EXIT = 93
    EXIT_GROUP = 94
    SET_TID_ADDRESS = 96
    FUTEX = 98
    SET_ROBUST_LIST = 99
    CLOCK_GETTIME = 113
    CLOCK_GETRES = 114
    SCHED_YIELD = 124
    KILL = 129
    TKILL = 130
    TGKILL = 131
    SIGALTSTACK = 132
    RT_SIGACTION = 134
    RT_SIGPROCMASK = 135
    TIMES = 153
    UNAME = 160
    UMASK = 166
    GETTIMEOFDAY = 169
    GETPID = 172
    GETPPID = 173
    GETUID = 174
    GETEUID = 175
    GETGID = 176
    GETEGID = 177
    GETTID = 178
    BRK = 214
    MUNMAP = 215
    MREMAP = 216
    MMAP = 222
    MPROTECT = 226
    MADVISE = 233
    PRLIMIT = 261
    RENAMEAT2 = 276
    GETRANDOM = 278
    STATX = 291
    CLOCK_GETTIME64 = 403
    CLOCK_GETRES64 = 406
    FUTEX_TIME64 = 422
    FACCESSAT2 = 439
    OPEN = 1024  # from here on libgloss only
    UNLINK = 1026
    MKDIR = 1030
    ACCESS = 1033
    STAT = 1038
    LSTAT = 1039


class Errno(IntEnum):
    """Linux's numbers, which the host's own need not be (errno.ENOSYS on macOS is 78)."""

    EPERM = 1
    ENOENT = 2
    EIO = 5
    EBADF = 9
    EAGAIN = 11
    ENOMEM = 12
    EACCES = 13
    EFAULT = 14
    EBUSY = 16
    EEXIST = 17
    EXDEV = 18
    ENODEV = 19
    ENOTDIR = 20
    EISDIR = 21
    EINVAL = 22
    EMFILE = 24
    ENOTTY = 25
    EFBIG = 27
    ENOSPC = 28
    ESPIPE = 29
    EROFS = 30
    EPIPE = 32
    ERANGE = 34
    ENAMETOOLONG = 36
    ENOSYS = 38
    ENOTEMPTY = 39
    ELOOP = 40
