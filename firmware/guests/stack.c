// A machine with a stack interprets small programs: recursion, loops, an array; and the same
// kind of work directly: queens, Ackermann, permutations.
#include "guest.h"

#ifndef SIZE
#define SIZE 9
#endif

enum op { PUSH, ADD, SUB, MUL, LESS, LOAD, STORE, JUMP, UNLESS, CALL, RETURN, ARG, DUP, SWAP, HALT };

static uint32_t stack[256], memory[32];

static uint32_t interpret(const int8_t *code, uint32_t argument)
{
    uint32_t *top = stack, *frame = stack;
    const int8_t *at = code;
    *top++ = argument;
    *top++ = 0;
    *top++ = 0;
    frame = top;
    for (;;) {
        switch ((enum op)*at++) {
        case PUSH:
            *top++ = (uint32_t)*at++;
            break;
        case ADD:
            top--;
            top[-1] += top[0];
            break;
        case SUB:
            top--;
            top[-1] -= top[0];
            break;
        case MUL:
            top--;
            top[-1] *= top[0];
            break;
        case LESS:
            top--;
            top[-1] = top[-1] < top[0];
            break;
        case LOAD:
            top[-1] = memory[top[-1] & 31];
            break;
        case STORE:
            top -= 2;
            memory[top[1] & 31] = top[0];
            break;
        case JUMP:
            at = code + *at;
            break;
        case UNLESS:
            at = *--top ? at + 1 : code + *at;
            break;
        case CALL:
            top[0] = (uint32_t)(at + 1 - code);
            top[1] = (uint32_t)(frame - stack);
            top += 2;
            frame = top;
            at = code + *at;
            break;
        case RETURN: {
            uint32_t value = top[-1];
            top = frame - 2;
            at = code + top[0];
            frame = stack + top[1];
            top[-1] = value;
            break;
        }
        case ARG:
            *top++ = frame[-3];
            break;
        case DUP:
            top[0] = top[-1];
            top++;
            break;
        case SWAP: {
            uint32_t value = top[-1];
            top[-1] = top[-2];
            top[-2] = value;
            break;
        }
        case HALT:
            return top[-1];
        }
    }
}

// f(n) = n < 2 ? n : f(n - 1) + f(n - 2)
static const int8_t fibonacci[] = {ARG, CALL, 4, HALT, ARG, PUSH, 2, LESS, UNLESS, 12, ARG, RETURN,
                                   ARG, PUSH, 1, SUB, CALL, 4, ARG, PUSH, 2, SUB, CALL, 4, ADD,
                                   RETURN};

static uint32_t ackermann(uint32_t m, uint32_t n)
{
    if (m == 0)
        return n + 1;
    return ackermann(m - 1, n ? ackermann(m, n - 1) : 1);
}

static int queens(int n, uint32_t columns, uint32_t left, uint32_t right)
{
    uint32_t all = (1u << n) - 1;
    if (columns == all)
        return 1;
    int found = 0;
    for (uint32_t free = all & ~(columns | left | right); free; free &= free - 1) {
        uint32_t place = free & -free;
        found += queens(n, columns | place, (left | place) << 1, (right | place) >> 1);
    }
    return found;
}

static uint32_t permute(uint8_t *a, int n)
{
    uint32_t sum = n == 1 ? (uint32_t)(a[0] * 5 + a[1] * 3 + a[2]) : 0;
    for (int i = 0; n > 1 && i < n; i++) {
        sum += permute(a, n - 1);
        int j = n % 2 ? 0 : i;
        uint8_t t = a[j];
        a[j] = a[n - 1];
        a[n - 1] = t;
    }
    return sum;
}

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    uint8_t row[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint32_t sum = interpret(fibonacci, SIZE + seed % 3);
    memory[seed & 31] = seed;
    sum = mix(sum, interpret(fibonacci, SIZE));
    sum = mix(sum, ackermann(2, SIZE + seed % 2));
    sum = mix(sum, (uint32_t)queens(6, 0, 0, 0));
    return mix(sum, permute(row, 5));
}
