#ifndef _SYS_STAT_H
#define _SYS_STAT_H
#include <stdint.h>
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif

#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFCHR 0020000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define S_ISDIR(mode) (((mode) & S_IFMT) == S_IFDIR)
#define S_ISREG(mode) (((mode) & S_IFMT) == S_IFREG)
#define S_ISCHR(mode) (((mode) & S_IFMT) == S_IFCHR)
#define S_ISLNK(mode) (((mode) & S_IFMT) == S_IFLNK)

struct stat {
    uint64_t st_ino;
    mode_t st_mode;
    unsigned st_nlink;
    uid_t st_uid;
    gid_t st_gid;
    off_t st_size;
};

int stat(const char *restrict name, struct stat *restrict to);
int lstat(const char *restrict name, struct stat *restrict to);
int fstat(int file, struct stat *to);
int mkdir(const char *name, mode_t mode);

#ifdef __cplusplus
}
#endif
#endif
