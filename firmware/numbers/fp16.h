// fp16 operands, fp32 sums.
#define ALT 0
#include "halves.h"
