// Optimizers over n parameters w with gradients g. Parameters and state are updated in place.
//
//   sgd   v = momentum v + g + decay w;     w = w - rate v              (v one element a parameter)
//   adam  m = b1 m + (1 - b1) g;            s = b2 s + (1 - b2) g^2     (Kingma and Ba 2015)
//         w = w - rate (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + epsilon)
// `correct1` and `correct2` are 1 / (1 - b1^t) and 1 / (1 - b2^t), kept by the caller.
#include "kernel.h"

struct sgd {
    wide rate, momentum, decay;
};

struct adam {
    wide rate, b1, b2, epsilon, correct1, correct2;
};

void KERNEL(sgd)(uint32_t n, const struct sgd *by, const wide *g, wide *v, wide *w);
void KERNEL(adam)(uint32_t n, const struct adam *by, const wide *g, wide *m, wide *s, wide *w);
