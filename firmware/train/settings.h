// What the host decides of a run: it lies in the program's data, with the data set.
#ifndef RVX_TRAIN_SETTINGS_H
#define RVX_TRAIN_SETTINGS_H

#include <stdint.h>

// significand 2^exponent: a number for every number system.
struct number {
    int32_t significand, exponent;
};

enum optimizer { SGD, ADAM };
enum master { NO_MASTER, REAL_MASTER };
enum scaling { NO_SCALING, TENSOR_SCALING };

struct settings {
    uint32_t seed, epochs, batch;
    uint32_t train, held, first_held; // samples to learn from, from 0 on; those held out
    uint32_t report;      // steps between two reports within an epoch, 0: none
    uint32_t optimizer, master, scaling, stochastic;
    int32_t loss_scale;   // log2 of it
    uint32_t dynamic;     // good steps after which it is doubled, 0: it stays
    uint32_t dump;        // whether to write the parameters at the end
    struct number rate, momentum, decay, second, epsilon; // second, epsilon: of Adam
};

extern const struct settings settings;
extern const uint8_t dataset[]; // as the workload has it

#endif
