#ifndef _UNISTD_H
#define _UNISTD_H
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#ifdef __cplusplus
extern "C" {
#endif

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

// A system call by Linux's number for RV32; minus an error number where it fails.
long __system_call(long number, ...);

ssize_t read(int file, void *to, size_t count);
ssize_t write(int file, const void *from, size_t count);
int close(int file);
off_t lseek(int file, off_t offset, int from);
int dup(int file);
int unlink(const char *name);
int rmdir(const char *name);
int mkdir(const char *name, mode_t mode);
int access(const char *name, int mode);
int chdir(const char *name);
char *getcwd(char *to, size_t size);
ssize_t readlink(const char *restrict name, char *restrict to, size_t size);
int isatty(int file);
pid_t getpid(void);
void *sbrk(intptr_t bytes);
int brk(void *end);
_Noreturn void _exit(int status);

#ifdef __cplusplus
}
#endif
#endif
