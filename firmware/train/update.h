// From gradients to parameters.
#ifndef RVX_TRAIN_UPDATE_H
#define RVX_TRAIN_UPDATE_H

#include "network.h"

struct update {
    real *masters, *slopes;          // 0 without master weights
    void *state[2];                  // of the optimizer: reals with masters, else wide
    real correct[2];                 // Adam's b1^t and b2^t
    int32_t scale;                   // log2 of the loss scale
    uint32_t good, skipped;          // steps since the scale changed; steps without an update
};

void allocate_update(struct network *net, struct update *by);

// Whether the gradients were finite; otherwise there is no update, and the scale is halved.
uint32_t update(struct network *net, struct update *by);

#endif
