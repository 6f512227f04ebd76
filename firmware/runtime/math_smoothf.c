// The functions of float that have no exact result.
#include <math.h>
#include <stdint.h>

#define number float
#define bits uint32_t
#define FRACTION 23
#define SPLIT 0x1001p0f
#define N(name) name##f
#include "math_series.h"

#include "math_angle.h"
#include "math_exponential.h"
