// One head of scaled dot-product attention over n tokens of d features (Vaswani et al. 2017): token
// i attends to tokens 0 to i.
//
//   S = Q K' / sqrt(d)    P = softmax of the rows of S, the causal part    Y = P V
//   dV = P' dY    dP = dY V'    dS = P (dP - rowsum(P dP)) / sqrt(d)    dQ = dS K    dK = dS' Q
//
// q, k, v, y and their gradients are n by d, p and ds n by n; `p` of the forward pass is what the
// backward pass reads. The four products of a pass are those of gemm.h.
#include "kernel.h"

struct attention {
    uint32_t n, d;
    const wide *q, *k, *v, *scale; // scale: 1 / sqrt(d)
    wide *p, *y;
    const wide *dy;
    wide *ds, *dq, *dk, *dv;
    operand *room[2];
};

void KERNEL(attention_forward)(const struct attention *head);
void KERNEL(attention_backward)(const struct attention *head);
