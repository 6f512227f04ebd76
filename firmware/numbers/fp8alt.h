// FP8 operands (FP8alt, IEEE-style E4M3), fp16 sums and storage.
#define ALT 1
#include "bytes.h"
