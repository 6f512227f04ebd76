// Loss scaling: n gradients g, in place.
//
//   unscale  g = g / scale; returns whether all were finite (Micikevicius et al. 2018)
//   axpy     y = a x + y
//   greatest largest |x|
#include "kernel.h"

uint32_t KERNEL(unscale)(uint32_t n, const wide *scale, wide *g);
void KERNEL(axpy)(uint32_t n, const wide *a, const wide *x, wide *y);
void KERNEL(greatest_magnitude)(uint32_t n, const wide *x, wide *most);
