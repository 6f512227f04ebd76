#ifndef _SYS_TIME_H
#define _SYS_TIME_H
#include <time.h>
struct timeval {
    time_t tv_sec;
    long tv_usec;
};
#ifdef __cplusplus
extern "C"
#endif
int gettimeofday(struct timeval *restrict to, void *restrict zone);
#endif
