// Arithmetic in posits of 32 bits: in the standard's, or, where BOUNDED is defined, in bounded ones.
// They are as precise as fp32 or more within 2^-20 to 2^20 (bounded ones: everywhere but for the
// last bits at the ends), never overflow and raise no flags.
#ifndef RVX_NUMBERS_POSIT_H
#define RVX_NUMBERS_POSIT_H

#include <rvx.h>
#include <stdint.h>

#ifdef BOUNDED
#define POSIT(operation) rvx_vbp##operation
enum { EXPONENT_BITS = 5, LONGEST_REGIME = 6 };
typedef rvx_bposit32 real;

static inline real from_code(uint32_t code) { return rvx_bposit32_from_bits(code); }
static inline uint32_t to_code(real a) { return rvx_bposit32_to_bits(a); }
#else
#define POSIT(operation) rvx_vp##operation
enum { EXPONENT_BITS = 2, LONGEST_REGIME = 31 };
typedef rvx_posit32 real;

static inline real from_code(uint32_t code) { return rvx_posit32_from_bits(code); }
static inline uint32_t to_code(real a) { return rvx_posit32_to_bits(a); }
#endif

// How many bits the significand has at 1: more than a single's 24 (elementary.h).
#define REAL_PRECISION 28

// The code of a constant between 2^-40 and 2^40, or 0: nothing of this is left in the program.
static inline __attribute__((always_inline)) uint32_t code_of(double constant)
{
    union {
        double value;
        uint64_t bits;
    } both = {constant};
    if (constant == 0.0)
        return 0;
    const int power = (int)(both.bits >> 52 & 0x7ff) - 1023;
    const int regime = power >> EXPONENT_BITS, run = regime >= 0 ? regime + 1 : -regime;
    const int ends = run < LONGEST_REGIME;
    // Regime, exponent and 44 bits of the fraction, the last of which stands for all that follow.
    uint64_t string = regime >= 0 ? ((1ull << run) - 1) << ends : (uint64_t)ends;
    string = string << EXPONENT_BITS | (uint64_t)(power & ((1 << EXPONENT_BITS) - 1));
    string = string << 44 | (both.bits << 12 >> 20) | ((both.bits & 0xff) != 0);
    const int dropped = run + ends + EXPONENT_BITS + 44 - 31;
    const uint64_t half = 1ull << (dropped - 1), rest = string & (2 * half - 1);
    uint32_t code = (uint32_t)(string >> dropped);
    code += rest > half || (rest == half && (code & 1));
    return both.bits >> 63 ? -code : code;
}

#define REAL(constant) (from_code(code_of(constant)))

static inline rvx_i32 ordered(real a) { return (rvx_i32){a.raw}; }
static inline real unordered(rvx_i32 a) { return (real){a.raw}; }

static inline real add(real a, real b) { return POSIT(add_s)(a, b); }
static inline real sub(real a, real b) { return POSIT(sub_s)(a, b); }
static inline real mul(real a, real b) { return POSIT(mul_s)(a, b); }
static inline real quotient(real a, real b) { return POSIT(div_s)(a, b); }
static inline real root(real a) { return POSIT(sqrt_s)(a); }
static inline real fused(real a, real b, real c) { return POSIT(mac_s)(c, a, b); }
static inline real negated(real a)
{
    return unordered(POSIT(sgnjn_s)(ordered(a), ordered(a)));
}
static inline real magnitude(real a) { return unordered(POSIT(sgnjx_s)(ordered(a), ordered(a))); }
static inline int less(real a, real b) { return (int)POSIT(lt_s)(ordered(a), ordered(b)); }
static inline int is_finite(real a) { return to_code(a) != 0x80000000u; }

static inline real whole(int32_t i)
{
    return POSIT(cvt_s_x)(rvx_i32_from_bits((uint32_t)i));
}
static inline int32_t nearest(real a) { return (int32_t)rvx_i32_to_bits(POSIT(cvt_x_s)(a)); }

// 2^n, -126 <= n <= 127: every float is near a posit, a power of two is one, or beyond the last.
static inline real power_of_two(int32_t n)
{
    union {
        uint32_t bits;
        float value;
    } power = {(uint32_t)(n + 127) << 23};
    return POSIT(cvt0_s_f)(power.value);
}

static inline real scaled(real x, int32_t n) { return mul(x, power_of_two(n)); }

// The exponent of 2^-126 <= x < 2^127 and, in *significand, x 2^-exponent, exact. The float nearest to
// x tells the exponent; where x rounds up to a power of two, the significand is just below 1.
static inline int32_t split(real x, real *significand)
{
    union {
        float value;
        uint32_t bits;
    } both = {POSIT(cvt0_f_s)(x)};
    int32_t exponent = (int32_t)(both.bits >> 23) - 127;
    *significand = scaled(x, -exponent);
    return exponent;
}

#endif
