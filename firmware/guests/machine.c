// A stack machine of sixteen instructions, run by one `switch`: the guest of a jump table.
#include "guest.h"

#ifndef SIZE
#define SIZE 4096
#endif

enum { STACK = 64 };

static uint8_t program[SIZE];

void prepare(void)
{
    uint32_t state = 7;
    for (int i = 0; i < SIZE; i++)
        program[i] = (uint8_t)random32(&state);
}

uint32_t guest(uint32_t seed)
{
    uint32_t stack[STACK] = {seed, 1}, top = seed, steps = 0;
    unsigned depth = 0, flag = 0;
    for (uint32_t pc = 0; pc < SIZE; pc++, steps++) {
        uint32_t operand = program[pc] >> 4;
        switch (program[pc] & 15) {
        case 0: // push a constant
            stack[depth++ % STACK] = top;
            top = operand * 0x01010101u;
            break;
        case 1: // duplicate
            stack[depth++ % STACK] = top;
            break;
        case 2: // drop
            top = stack[--depth % STACK];
            break;
        case 3: // swap
            seed = stack[(depth - 1) % STACK];
            stack[(depth - 1) % STACK] = top;
            top = seed;
            break;
        case 4:
            top += stack[--depth % STACK];
            break;
        case 5:
            top -= stack[--depth % STACK] + operand;
            break;
        case 6:
            top ^= stack[operand];
            break;
        case 7:
            top = top << operand | flag;
            break;
        case 8:
            top = top >> operand ^ steps;
            break;
        case 9:
            top *= 2 * operand + 1;
            break;
        case 10: // compare
            flag = top < stack[(depth - operand) % STACK];
            break;
        case 11: // skip if the flag is set
            pc += flag;
            break;
        case 12: // skip forward, if odd
            if (top & 1)
                pc += operand;
            break;
        case 13: // store
            stack[operand] = top;
            break;
        case 14: // load
            top = stack[(operand + depth) % STACK];
            break;
        default:
            top = ~top + flag;
            flag ^= 1;
            break;
        }
    }
    return mix(top, steps) ^ depth;
}
