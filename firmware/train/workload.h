// What a workload is: a network, samples for it, and its loss.
#ifndef RVX_TRAIN_WORKLOAD_H
#define RVX_TRAIN_WORKLOAD_H

#include "network.h"

struct score {
    real loss;         // mean over the samples
    uint32_t correct;  // of `judged`
    uint32_t judged;   // 0: nothing is right or wrong here
};

void build(struct network *net);

// Samples into the network's input. `epoch` may vary what a sample is; 0: held out, never varied.
void fill(struct network *net, const uint32_t *which, uint32_t samples, uint32_t shift);

// The loss after `forward`, and its gradient times `scale` in dy of the last layer.
struct score judge(struct network *net, uint32_t samples, const wide *scale);

// judge for classes: rows of logits against net->labels.
struct score judge_classes(struct network *net, uint32_t rows, const wide *scale);

#endif
