// The FP8 product with `vfdotpex.h.b` emulated by integers: results and flags, bit for bit.
#include "fp8.h"

enum { NV = 16, OF = 4, UF = 2, NX = 1, CANONICAL_NAN = 0x7e00 };

static uint32_t fflags;

// A product shifted so far may leave 64 bits. A sum of LIMIT overflows.
enum { LARGE = 56 };
#define LIMIT ((int64_t)1 << 56)

static inline int64_t shifted(int32_t value, int by)
{
    return (int64_t)((uint64_t)(int64_t)value << by);
}

// Sign, exponent from 1 (of normal and subnormal numbers alike) and significand of a code.
typedef struct {
    uint32_t negative, exponent, significand;
} parts;

static inline parts of_fp8(uint32_t code)
{
    uint32_t exponent = code >> 2 & 31, fraction = code & 3;
    return exponent ? (parts){code >> 7 & 1, exponent, fraction | 4}
                    : (parts){code >> 7 & 1, 1, fraction};
}

static inline uint32_t is_special8(uint32_t code)
{
    return (code & 0x7c) == 0x7c;
}

static inline uint32_t is_nan8(uint32_t code)
{
    return (code & 0x7f) > 0x7c;
}

// A sum with an infinity or a NaN among its terms.
static uint32_t __attribute__((noinline)) special(uint32_t sum, const uint32_t codes[4])
{
    uint32_t is_nan = (sum & 0x7fff) > 0x7c00, invalid = is_nan && !(sum & 0x200);
    uint32_t infinities = (sum & 0x7fff) == 0x7c00 ? 1u << (sum >> 15) : 0;
    for (int i = 0; i < 4; i++)
        if (is_nan8(codes[i])) {
            is_nan = 1;
            invalid |= !(codes[i] & 2);
        }
    for (int i = 0; i < 4; i += 2) {
        uint32_t x = codes[i], y = codes[i + 1];
        if (is_nan8(x) || is_nan8(y) || !(is_special8(x) || is_special8(y)))
            continue;
        if ((x & 0x7f) == 0 || (y & 0x7f) == 0)
            is_nan = invalid = 1;
        else
            infinities |= 1u << ((x ^ y) >> 7 & 1);
    }
    if (!is_nan && infinities == 3)
        is_nan = invalid = 1;
    fflags |= invalid ? NV : 0;
    return is_nan ? CANONICAL_NAN : infinities == 2 ? 0xfc00 : 0x7c00;
}

// Products are multiples of 2^-32. Large ones may leave 64 bits, unless they cancel each other:
// then both are multiples of 2^-16. Clamped sums overflow, whatever is added.
static inline int64_t sum_of_products(const parts p[4])
{
    int32_t x = (int32_t)(p[0].significand * p[1].significand);
    int32_t y = (int32_t)(p[2].significand * p[3].significand);
    int by_x = (int)(p[0].exponent + p[1].exponent) - 2;
    int by_y = (int)(p[2].exponent + p[3].exponent) - 2;
    x = p[0].negative ^ p[1].negative ? -x : x;
    y = p[2].negative ^ p[3].negative ? -y : y;
    if (by_x < LARGE && by_y < LARGE)
        return shifted(x, by_x) + shifted(y, by_y);
    if (x == 0 || (by_x < 16 && y != 0))
        return by_y < LARGE ? shifted(y, by_y) : y < 0 ? -LIMIT : y > 0 ? LIMIT : 0;
    if (y == 0 || by_y < 16)
        return by_x < LARGE ? shifted(x, by_x) : x < 0 ? -LIMIT : LIMIT;
    int64_t sum = shifted(x, by_x - 16) + shifted(y, by_y - 16), limit = LIMIT >> 16;
    return (sum > limit ? limit : sum < -limit ? -limit : sum) * 65536;
}

// To FP16, to nearest even; the value is a multiple of 2^-32 and not 0.
static inline uint32_t rounded(uint32_t negative, uint64_t magnitude)
{
    uint32_t high = (uint32_t)(magnitude >> 32), low = (uint32_t)magnitude, sign = negative << 15;
    int top = high ? 63 - __builtin_clz(high) : 31 - __builtin_clz(low);
    int exponent = top - 17; // 2^(top - 32), biased by 15; 1 is the least of normal numbers
    int drop = exponent < 1 ? 8 : top - 10;
    uint32_t kept = (uint32_t)(magnitude >> drop);
    uint64_t rest = magnitude & (((uint64_t)1 << drop) - 1), half = (uint64_t)1 << (drop - 1);
    if (rest) {
        // Tiny is what stays below the least normal number when rounded to 11 bits.
        if (exponent < 1 && magnitude < ((uint64_t)1 << 18) - ((uint64_t)1 << 6))
            fflags |= UF;
        fflags |= NX;
    }
    kept += rest > half || (rest == half && (kept & 1));
    uint32_t code = exponent < 1 ? kept : ((uint32_t)(exponent - 1) << 10) + kept;
    if (code < 0x7c00)
        return sign | code;
    fflags |= OF | NX;
    return sign | 0x7c00;
}

// One lane: sum + codes[0] * codes[1] + codes[2] * codes[3], rounded once.
static inline uint32_t lane(uint32_t sum, const uint32_t codes[4])
{
    if ((sum & 0x7c00) == 0x7c00 || is_special8(codes[0]) || is_special8(codes[1]) ||
        is_special8(codes[2]) || is_special8(codes[3]))
        return special(sum, codes);
    parts p[4];
    for (int i = 0; i < 4; i++)
        p[i] = of_fp8(codes[i]);
    uint32_t exponent = sum >> 10 & 31, fraction = sum & 0x3ff;
    uint64_t term = exponent ? (uint64_t)(fraction | 0x400) << (exponent + 7)
                             : (uint64_t)fraction << 8;
    int64_t exact = sum_of_products(p) + (sum & 0x8000 ? -(int64_t)term : (int64_t)term);
    if (exact == 0) {
        uint32_t signs = (codes[0] ^ codes[1]) & (codes[2] ^ codes[3]) & sum >> 8;
        return (signs & 0x80) << 8;
    }
    return exact < 0 ? rounded(1, 0 - (uint64_t)exact) : rounded(0, (uint64_t)exact);
}

uint32_t soft_vfdotpex_h_b(uint32_t sum, uint32_t x, uint32_t y);

uint32_t soft_vfdotpex_h_b(uint32_t sum, uint32_t x, uint32_t y)
{
    uint32_t low[4] = {x & 255, y & 255, x >> 8 & 255, y >> 8 & 255};
    uint32_t high[4] = {x >> 16 & 255, y >> 16 & 255, x >> 24, y >> 24};
    return lane(sum & 0xffff, low) | lane(sum >> 16, high) << 16;
}

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            uint32_t sum = 0;
            for (int k = 0; k < WORDS; k++)
                sum = soft_vfdotpex_h_b(sum, a[i][k], b[j][k]);
            c[i][j] = sum;
        }
}

static uint32_t flags(void)
{
    uint32_t raised = fflags;
    fflags = 0;
    return raised;
}

uint32_t soft_fflags(void);

uint32_t soft_fflags(void)
{
    return flags();
}
