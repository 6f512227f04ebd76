// The functions that programs most often want. Square roots, fused sums, remainders, roundings to an integer
// and the exponent's functions are exact. The others err by three units in the last place at most,
// the error functions by six; angles are taken up to 10^6.
#ifndef _MATH_H
#define _MATH_H
#ifdef __cplusplus
extern "C" {
#endif

typedef float float_t;
typedef double double_t;
#define HUGE_VAL __builtin_huge_val()
#define HUGE_VALF __builtin_huge_valf()
#define INFINITY __builtin_inff()
#define NAN __builtin_nanf("")
#define M_E 2.7182818284590452354
#define M_LN2 0.69314718055994530942
#define M_LN10 2.30258509299404568402
#define M_LOG2E 1.4426950408889634074
#define M_LOG10E 0.43429448190325182765
#define M_PI 3.14159265358979323846
#define M_PI_2 1.57079632679489661923
#define M_PI_4 0.78539816339744830962
#define M_SQRT2 1.41421356237309504880
#define M_SQRT1_2 0.70710678118654752440

#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
#define fpclassify(x) \
    __builtin_fpclassify(FP_NAN, FP_INFINITE, FP_NORMAL, FP_SUBNORMAL, FP_ZERO, x)
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)
#define isnormal(x) __builtin_isnormal(x)
#define signbit(x) (__builtin_signbit(x) != 0)
#define isgreater(x, y) __builtin_isgreater(x, y)
#define isgreaterequal(x, y) __builtin_isgreaterequal(x, y)
#define isless(x, y) __builtin_isless(x, y)
#define islessequal(x, y) __builtin_islessequal(x, y)
#define isunordered(x, y) __builtin_isunordered(x, y)

#define __ONE(name) double name(double x); float name##f(float x);
#define __TWO(name) double name(double x, double y); float name##f(float x, float y);
__ONE(fabs) __ONE(sqrt) __ONE(cbrt) __ONE(floor) __ONE(ceil) __ONE(trunc) __ONE(round)
__ONE(rint) __ONE(nearbyint) __ONE(exp) __ONE(exp2) __ONE(expm1) __ONE(log) __ONE(log2)
__ONE(log10) __ONE(log1p) __ONE(sin) __ONE(cos) __ONE(tan) __ONE(asin) __ONE(acos) __ONE(atan)
__ONE(sinh) __ONE(cosh) __ONE(tanh) __ONE(erf) __ONE(erfc)
__TWO(pow) __TWO(fmod) __TWO(atan2) __TWO(hypot) __TWO(copysign) __TWO(fmin) __TWO(fmax)
__TWO(fdim)
#undef __ONE
#undef __TWO
double fma(double x, double y, double z);
float fmaf(float x, float y, float z);
double ldexp(double x, int n);
float ldexpf(float x, int n);
double scalbn(double x, int n);
float scalbnf(float x, int n);
double frexp(double x, int *exponent);
float frexpf(float x, int *exponent);
double modf(double x, double *whole);
float modff(float x, float *whole);
long lround(double x);
long lroundf(float x);
long lrint(double x);
long lrintf(float x);

#ifdef __cplusplus
}
#endif
#endif
