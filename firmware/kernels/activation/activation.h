// Activations: n elements, each on its own. dx may be dy, y may be x.
//
//   relu    y = max(x, 0)                    dx = x > 0 ? dy : 0
//   gelu    y = x P, P = (1 + tanh u) / 2, u = sqrt(2/pi) (x + 0.044715 x^3)
//           dx = dy (P + x P'), P' = (1 - tanh^2 u) / 2 sqrt(2/pi) (1 + 3 * 0.044715 x^2)
//           (Hendrycks and Gimpel 2016, the tanh form)
#include "kernel.h"

void KERNEL(relu_forward)(uint32_t n, const wide *x, wide *y);
void KERNEL(relu_backward)(uint32_t n, const wide *x, const wide *dy, wide *dx);
void KERNEL(gelu_forward)(uint32_t n, const wide *x, wide *y);
void KERNEL(gelu_backward)(uint32_t n, const wide *x, const wide *dy, wide *dx);
