// Time as the machine simulates it: seconds since its start.
#ifndef _TIME_H
#define _TIME_H
#include <stddef.h>
#ifdef __cplusplus
extern "C" {
#endif

#define CLOCKS_PER_SEC 1000000
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_PROCESS_CPUTIME_ID 2

typedef long long time_t;
typedef long clock_t;
struct timespec {
    time_t tv_sec;
    long long tv_nsec;
};

clock_t clock(void);
time_t time(time_t *to);
double difftime(time_t end, time_t start);
int clock_gettime(int clock, struct timespec *to);

#ifdef __cplusplus
}
#endif
#endif
