// What is to be counted: RVX_BEGIN("name") ... RVX_END("name"), in one function or in several.
//
// `rvx run` prints the instructions and cycles from the one to the other, summed over all passages.
// The marks are symbols and no instructions: a program runs the same with and without them. The
// compiler keeps accesses to memory on their side of a mark, and may move mere arithmetic across:
// count work that reads and writes memory.
#ifndef RVX_REGION_H
#define RVX_REGION_H
#include <stdint.h>

#define RVX_BEGIN(name) __asm__ volatile("rvx_begin$" name "$%=:" ::: "memory")
#define RVX_END(name) __asm__ volatile("rvx_end$" name "$%=:" ::: "memory")

#define RVX_READ_COUNTER(name) \
    static __inline__ __attribute__((__unused__)) uint32_t name(void) \
    { \
        uint32_t value; \
        __asm__ volatile(#name " %0" : "=r"(value) : : "memory"); \
        return value; \
    } \
    static __inline__ __attribute__((__unused__)) uint64_t name##64(void) \
    { \
        uint32_t low, high, again; \
        do \
            __asm__ volatile(#name "h %0\n\t" #name " %1\n\t" #name "h %2" \
                             : "=&r"(high), "=&r"(low), "=&r"(again) : : "memory"); \
        while (high != again); \
        return (uint64_t)high << 32 | low; \
    }
// Cycles and retired instructions since the start: 32 bits, and all 64.
RVX_READ_COUNTER(rdcycle)
RVX_READ_COUNTER(rdinstret)
#undef RVX_READ_COUNTER

#endif
