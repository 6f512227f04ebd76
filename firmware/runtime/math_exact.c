// The exact functions of double.
#include <math.h>
#include <stdint.h>

#define number double
#define bits uint64_t
#define WIDTH 64
#define FRACTION 52
#define HARDWARE_ROOT "fsqrt.d"
#define N(name) name
#include "math_exact.h"
