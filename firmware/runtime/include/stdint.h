// Integers of fixed width: the compiler's own header where it stands alone.
#ifndef _STDINT_H
#define _STDINT_H
#ifdef __clang__
#include_next <stdint.h>
#else
#include <stdint-gcc.h>
#endif
#endif
