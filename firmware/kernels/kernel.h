// What every kernel in C starts with: its number system, and how it is named after it.
//
// Compile with -DNUMBERS='"fp32.h"' (a header in firmware/numbers) and -DVARIANT=fp32. A kernel
// `KERNEL(relu_forward)` is then called relu_forward_fp32.
//
// Tensors are row-major, of `wide`, each row (along the last dimension) starting on a word, `pitch`
// elements after the one before, unless a contract says otherwise; sizes are at least
// 1; results do not overlap operands except where a contract allows it.
#ifndef RVX_KERNELS_KERNEL_H
#define RVX_KERNELS_KERNEL_H

#include <stdint.h>

#define RVX_JOIN_(a, b) a##_##b
#define RVX_JOIN(a, b) RVX_JOIN_(a, b)
#define KERNEL(name) RVX_JOIN(name, VARIANT)

#include NUMBERS
#define RVX_NUMBERS_REST
#include "roles.h"
#include "elementary.h"

#endif
