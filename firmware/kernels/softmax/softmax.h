// Softmax with cross-entropy: rows by classes logits, a label a row.
//
//   p = e^(x - max) / sum e^(x - max)      loss = mean over rows of -ln p[label]
//   dx = scale (p - onehot(label)) / rows  (scale: loss scaling, 1 without)
#include "kernel.h"

void KERNEL(softmax_cross_entropy)(uint32_t rows, uint32_t classes, const wide *x,
                                   const int32_t *labels, const wide *scale, wide *dx, wide *loss);

// Each row of x turned into probabilities; y may be x.
void KERNEL(softmax)(uint32_t rows, uint32_t classes, const wide *x, wide *y);
