// FP8 operands (E5M2), fp16 sums and storage.
#define ALT 0
#include "bytes.h"
