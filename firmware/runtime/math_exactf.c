// The exact functions of float.
#include <math.h>
#include <stdint.h>

#define number float
#define bits uint32_t
#define WIDTH 32
#define FRACTION 23
#define HARDWARE_ROOT "fsqrt.s"
#define N(name) name##f
#include "math_exact.h"
