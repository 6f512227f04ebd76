// The three products of a layer, as gemm/training.h has them, with what a run may ask for beside:
// tensors scaled so that their largest magnitude is near LARGEST, and sums rounded stochastically.
#include "gemm/training.h"
#include "network.h"

void scaled_forward(struct network *net, struct layer *layer);
void scaled_input_gradient(struct network *net, struct layer *layer);
void scaled_weight_gradient(struct network *net, struct layer *layer);
