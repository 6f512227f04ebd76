// Formats for the integers of fixed width; on RV32 int32_t is either int or long, of the same width.
#ifndef _INTTYPES_H
#define _INTTYPES_H

#include <stdint.h>

#define PRId8 "d"
#define PRIi8 "i"
#define PRIu8 "u"
#define PRIx8 "x"
#define PRIX8 "X"
#define PRIo8 "o"
#define PRId16 "d"
#define PRIi16 "i"
#define PRIu16 "u"
#define PRIx16 "x"
#define PRIX16 "X"
#define PRIo16 "o"
#ifdef __clang__
#define __PRI32 ""
#else
#define __PRI32 "l"
#endif
#define PRId32 __PRI32 "d"
#define PRIi32 __PRI32 "i"
#define PRIu32 __PRI32 "u"
#define PRIx32 __PRI32 "x"
#define PRIX32 __PRI32 "X"
#define PRIo32 __PRI32 "o"
#define PRId64 "lld"
#define PRIi64 "lli"
#define PRIu64 "llu"
#define PRIx64 "llx"
#define PRIX64 "llX"
#define PRIo64 "llo"
#define PRIdPTR "d"
#define PRIuPTR "u"
#define PRIxPTR "x"
#define PRIdMAX "jd"
#define PRIuMAX "ju"
#define PRIxMAX "jx"
#define SCNd32 PRId32
#define SCNu32 PRIu32
#define SCNx32 PRIx32
#define SCNd64 PRId64
#define SCNu64 PRIu64
#define SCNx64 PRIx64

#endif
