// bfloat16 operands, fp32 sums.
#define ALT 1
#include "halves.h"
