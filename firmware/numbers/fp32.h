// fp32 throughout: the baseline. Contraction is the compiler's; `fused` asks for it.
#ifndef RVX_NUMBERS_FP32_H
#define RVX_NUMBERS_FP32_H

#include "single.h"
#include "words.h"

#endif
