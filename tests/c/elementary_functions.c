// The run time's mathematics (each function renamed rvx_...) against this host's long double: prints
// the largest error of each, in units of the last place, for double and for float.
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#define ONE(name) double rvx_##name(double); float rvx_##name##f(float);
#define TWO(name) double rvx_##name(double, double); float rvx_##name##f(float, float);
ONE(exp) ONE(exp2) ONE(expm1) ONE(log) ONE(log2) ONE(log10) ONE(log1p) ONE(sin) ONE(cos) ONE(tan)
ONE(asin) ONE(acos) ONE(atan) ONE(sinh) ONE(cosh) ONE(tanh) ONE(erf) ONE(erfc) ONE(cbrt) ONE(sqrt)
ONE(floor) ONE(ceil) ONE(trunc) ONE(round) ONE(rint)
TWO(pow) TWO(hypot) TWO(atan2) TWO(fmod)

enum { SAMPLES = 20000 };

static uint64_t state = 88172645463325252ull;

static double draw(double low, double high)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    double part = (double)(state >> 11) * 0x1p-53;
    if (state & 1)
        return low + (high - low) * part;
    return (state & 2 ? low : high) * exp2(-30 * part); // small ones as well
}

// In units of the last of `digits` bits, of a number no smaller than 2^least and no larger than `most`.
static double error_of(long double got, long double wanted, int digits, int least, double most)
{
    int exponent;
    if (fabsl(wanted) > most)
        wanted = copysignl(INFINITY, wanted);
    if (wanted != wanted || isinf(wanted))
        return got != got || got == wanted ? 0 : 1e9;
    frexpl(wanted, &exponent);
    exponent = exponent < least ? least : exponent;
    return (double)(fabsl(got - wanted) / ldexpl(1, exponent - digits));
}

#define MEASURE(name, low, high, low2, high2, arguments, more, wide) \
    { \
        double worst = 0, worst_float = 0; \
        for (int i = 0; i < SAMPLES; i++) { \
            double x = draw(low, high), y = draw(low2, high2), e; \
            float u = (float)x, v = (float)y; \
            (void)y, (void)v; \
            e = error_of(rvx_##name arguments, name##l wide, 53, -1021, DBL_MAX); \
            worst = e > worst ? e : worst; \
            e = error_of(rvx_##name##f more, name##l more, 24, -125, FLT_MAX); \
            worst_float = e > worst_float ? e : worst_float; \
        } \
        printf("%s %.3f %.3f\n", #name, worst, worst_float); \
    }
#define OF(name, low, high) MEASURE(name, low, high, 0, 1, (x), (u), (x))
#define OF_TWO(name, low, high, low2, high2) MEASURE(name, low, high, low2, high2, (x, y), (u, v), (x, y))

int main(void)
{
    OF(exp, -80, 80) OF(exp2, -120, 120) OF(expm1, -30, 80) OF(log, 0, 1e30) OF(log, 0.5, 2)
    OF(log2, 0, 4) OF(log10, 0, 1e6) OF(log1p, -0.9, 10) OF(sin, -1000, 1000) OF(cos, -1e6, 1e6)
    OF(tan, -1000, 1000) OF(asin, -1, 1) OF(acos, -1, 1) OF(atan, -20, 20) OF(sinh, -80, 80)
    OF(cosh, -80, 80) OF(tanh, -10, 10) OF(erf, -5, 5) OF(erfc, -3, 9) OF(cbrt, -1e6, 1e6)
    OF(sqrt, 0, 1e30) OF(floor, -1e6, 1e6) OF(ceil, -1e6, 1e6) OF(trunc, -1e6, 1e6)
    OF(round, -3, 3) OF(rint, -3, 3)
    OF_TWO(pow, 0, 10, -30, 30) OF_TWO(pow, 0.9, 1.1, -300, 300) OF_TWO(hypot, -1e18, 1e18, -1e9, 1e9)
    OF_TWO(atan2, -5, 5, -5, 5) OF_TWO(fmod, -1e6, 1e6, -7, 7)
    return 0;
}
