// The run time's arithmetic against this host's: what compilers call for numbers that the machine
// has no registers for, on random operands and on all pairs of special ones. Prints differences.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define __riscv_mul
#include "compiler/integer.c"
#undef __riscv_mul

double rvx_fma(double, double, double);
float rvx_fmaf(float, float, float);

static uint64_t state = 88172645463325252ull;
static int differences;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void differ(const char *what, uint64_t a, uint64_t b, uint64_t got, uint64_t wanted)
{
    if (differences++ < 20)
        printf("%s(%llx, %llx) is %llx, not %llx\n", what, (unsigned long long)a,
               (unsigned long long)b, (unsigned long long)got, (unsigned long long)wanted);
}

static uint64_t bits_of_double(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return x != x ? 0x7ff8000000000000 : bits;
}

static uint32_t bits_of_float(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, 4);
    return x != x ? 0x7fc00000 : bits;
}

static double a_double(uint64_t bits) { double x; memcpy(&x, &bits, 8); return x; }
static float a_float(uint32_t bits) { float x; memcpy(&x, &bits, 4); return x; }

float __addsf3(float, float), __subsf3(float, float), __mulsf3(float, float), __divsf3(float, float);
double __adddf3(double, double), __subdf3(double, double), __muldf3(double, double);
double __divdf3(double, double), __extendsfdf2(float), __floatdidf(int64_t), __floatundidf(uint64_t);
float __truncdfsf2(double), __floatdisf(int64_t), __floatundisf(uint64_t);
int __ltdf2(double, double), __ledf2(double, double), __gtdf2(double, double), __gedf2(double, double);
int __eqdf2(double, double), __unorddf2(double, double), __ltsf2(float, float), __gesf2(float, float);
int64_t __fixdfdi(double), __fixsfdi(float);
uint64_t __fixunsdfdi(double);
int32_t __fixdfsi(double), __fixsfsi(float);

static void check_doubles(uint64_t a, uint64_t b)
{
    double x = a_double(a), y = a_double(b);
#define SAME(call, plain) \
    if (bits_of_double(call) != bits_of_double(plain)) \
        differ(#call, a, b, bits_of_double(call), bits_of_double(plain));
    SAME(__adddf3(x, y), x + y)
    SAME(__subdf3(x, y), x - y)
    SAME(__muldf3(x, y), x * y)
    SAME(__divdf3(x, y), x / y)
    SAME(__floatdidf((int64_t)a), (double)(int64_t)a)
    SAME(__floatundidf(a), (double)a)
    if (bits_of_float(__truncdfsf2(x)) != bits_of_float((float)x))
        differ("truncate", a, 0, bits_of_float(__truncdfsf2(x)), bits_of_float((float)x));
#define TRUE(call, plain) \
    if ((call) != (plain)) \
        differ(#call, a, b, (uint64_t)(call), (uint64_t)(plain));
    TRUE(__ltdf2(x, y) < 0, x < y)
    TRUE(__ledf2(x, y) <= 0, x <= y)
    TRUE(__gtdf2(x, y) > 0, x > y)
    TRUE(__gedf2(x, y) >= 0, x >= y)
    TRUE(__eqdf2(x, y) == 0, x == y)
    TRUE(__unorddf2(x, y) != 0, x != x || y != y)
    if (x > -0x1p63 && x < 0x1p63)
        TRUE(__fixdfdi(x), (int64_t)x)
    if (x > -1 && x < 0x1p64)
        TRUE(__fixunsdfdi(x), (uint64_t)x)
    if (x > -0x1p31 && x < 0x1p31)
        TRUE(__fixdfsi(x), (int32_t)x)
}

static void check_floats(uint32_t a, uint32_t b)
{
    float x = a_float(a), y = a_float(b);
#undef SAME
#define SAME(call, plain) \
    if (bits_of_float(call) != bits_of_float(plain)) \
        differ(#call, a, b, bits_of_float(call), bits_of_float(plain));
    SAME(__addsf3(x, y), x + y)
    SAME(__subsf3(x, y), x - y)
    SAME(__mulsf3(x, y), x * y)
    SAME(__divsf3(x, y), x / y)
    SAME(__floatdisf((int64_t)((uint64_t)a << 32 | b)), (float)(int64_t)((uint64_t)a << 32 | b))
    SAME(__floatundisf((uint64_t)a << 32 | b), (float)((uint64_t)a << 32 | b))
    if (bits_of_double(__extendsfdf2(x)) != bits_of_double(x))
        differ("extend", a, 0, bits_of_double(__extendsfdf2(x)), bits_of_double(x));
    TRUE(__ltsf2(x, y) < 0, x < y)
    TRUE(__gesf2(x, y) >= 0, x >= y)
    if (x > -0x1p63f && x < 0x1p63f)
        TRUE(__fixsfdi(x), (int64_t)x)
    if (x > -0x1p31f && x < 0x1p31f)
        TRUE(__fixsfsi(x), (int32_t)x)
}

// Fused: also where the sum is much smaller than its terms, or smaller than any normal number.
static void check_fused(uint64_t a, uint64_t b, uint64_t c)
{
    double x = a_double(a), y = a_double(b), z = a_double(c);
    double sums[] = {z, -(x * y), -(x * y) * (1 + 0x1p-52), z * 0x1p-1000};
    float u = (float)x, v = (float)y, w = (float)z, terms[] = {w, -(u * v), w * 0x1p-120f};
    for (int i = 0; i < 4; i++)
        if (bits_of_double(rvx_fma(x, y, sums[i])) != bits_of_double(fma(x, y, sums[i])))
            differ("fma", a, b, bits_of_double(rvx_fma(x, y, sums[i])), bits_of_double(sums[i]));
    for (int i = 0; i < 3; i++)
        if (bits_of_float(rvx_fmaf(u, v, terms[i])) != bits_of_float(fmaf(u, v, terms[i])))
            differ("fmaf", a, b, bits_of_float(rvx_fmaf(u, v, terms[i])), bits_of_float(terms[i]));
}

static void check_integers(uint64_t a, uint64_t b)
{
    int by = (int)(b & 63);
    TRUE(__muldi3(a, b), a * b)
    TRUE(__ashldi3(a, by), a << by)
    TRUE(__lshrdi3(a, by), a >> by)
    TRUE(__ashrdi3((int64_t)a, by), (int64_t)a >> by)
    TRUE(__bswapdi2(a), __builtin_bswap64(a))
    TRUE(__popcountdi2(a), __builtin_popcountll(a))
    if (a) {
        TRUE(__clzdi2(a), __builtin_clzll(a))
        TRUE(__ctzdi2(a), __builtin_ctzll(a))
    }
    if (b) {
        uint64_t rest;
        TRUE(__udivmoddi4(a, b, &rest), a / b)
        TRUE(rest, a % b)
    }
    if (b && !(a == (uint64_t)1 << 63 && b == (uint64_t)-1)) {
        TRUE(__divdi3((int64_t)a, (int64_t)b), (int64_t)a / (int64_t)b)
        TRUE(__moddi3((int64_t)a, (int64_t)b), (int64_t)a % (int64_t)b)
    }
}

// Bits that are often the same in runs, as those of interesting numbers are.
static uint64_t interesting(void)
{
    uint64_t a = draw();
    switch (draw() % 6) {
    case 0: return a;
    case 1: return a & draw() & draw();
    case 2: return a >> (draw() & 63);
    case 3: return (a & 0x800fffffffffffff) | (uint64_t)(1023 + (int)(draw() % 130) - 65) << 52;
    case 4: return (uint64_t)1 << (a & 63) ^ (uint64_t)0 - (draw() & 1);
    default: return bits_of_double((double)(int64_t)a) + draw() % 3;
    }
}

int main(void)
{
    static const uint64_t doubles[] = {
        0, (uint64_t)1 << 63, 0x3ff0000000000000, 0xbff0000000000000, 0x7ff0000000000000,
        0xfff0000000000000, 0x7ff8000000000000, 1, 0x8000000000000001, 0x000fffffffffffff,
        0x0010000000000000, 0x7fefffffffffffff, 0x3fefffffffffffff, 0x4340000000000000,
        0x43e0000000000000, 0x36a0000000000000, 0x47efffffe0000000, 0x47effffff0000000,
    };
    enum { COUNT = sizeof doubles / sizeof *doubles };
    for (int i = 0; i < COUNT; i++)
        for (int j = 0; j < COUNT; j++) {
            check_doubles(doubles[i], doubles[j]);
            check_integers(doubles[i], doubles[j]);
            check_fused(doubles[i], doubles[j], doubles[(i + j) % COUNT]);
            check_floats(bits_of_float((float)a_double(doubles[i])), bits_of_float((float)a_double(doubles[j])));
            check_floats((uint32_t)i, (uint32_t)(doubles[j] >> 32));
        }
    for (int i = 0; i < 300000; i++) {
        uint64_t a = interesting(), b = interesting();
        check_doubles(a, b);
        check_integers(a, b);
        check_fused(a, b, interesting());
        check_floats((uint32_t)a, (uint32_t)b);
        check_floats((uint32_t)(a >> 32), (uint32_t)(b >> 32));
    }
    printf("%d differences\n", differences);
    return differences != 0;
}
