// The functions of double that have no exact result.
#include <math.h>
#include <stdint.h>

#define number double
#define bits uint64_t
#define FRACTION 52
#define SPLIT 0x8000001p0
#define N(name) name
#include "math_series.h"

#include "math_angle.h"
#include "math_exponential.h"
