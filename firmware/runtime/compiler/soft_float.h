// IEEE 754 arithmetic with integers, rounding to nearest, ties to even: what compilers call where
// the machine has no registers of that width. Included once a format, with these defined:
//   number, bits, half    the type, the unsigned integer of its width and one of half of it
//   WIDTH, FRACTION       of the type and of its fraction, in bits
//   F(name)               __addsf3 of F(add), and so on
//   LEADING(bits)         the number of leading zeros
// NaN results are the canonical NaN, as the instructions' are.
#include <stdint.h>

#define GUARD (WIDTH - 1 - FRACTION)
#define SIGN ((bits)1 << (WIDTH - 1))
#define MAX_EXPONENT ((1 << GUARD) - 1)
#define BIAS (MAX_EXPONENT >> 1)
#define INFINITE ((bits)MAX_EXPONENT << FRACTION)
#define QUIET (INFINITE | (bits)1 << (FRACTION - 1))
#define NOINLINE __attribute__((__noinline__))

static inline bits bits_of(number value)
{
    union {
        number value;
        bits bits;
    } both = {value};
    return both.bits;
}

static inline number number_of(bits value)
{
    union {
        bits bits;
        number value;
    } both = {value};
    return both.value;
}

// Shift right; what is lost makes the lowest bit 1.
static inline bits jammed(bits value, int by)
{
    if (by >= WIDTH)
        return value != 0;
    return by ? value >> by | ((bits)(value << (WIDTH - by)) != 0) : value;
}

// significand * 2^(exponent - BIAS - (WIDTH - 1)), rounded. Its highest bit is set.
static NOINLINE number rounded(bits sign, int exponent, bits significand)
{
    if (exponent >= MAX_EXPONENT)
        return number_of(sign | INFINITE);
    if (exponent <= 0) {
        significand = jammed(significand, 1 - exponent);
        exponent = 1;
    }
    bits rest = significand & (((bits)1 << GUARD) - 1), half_unit = (bits)1 << (GUARD - 1);
    bits result = ((bits)(exponent - 1) << FRACTION) + (significand >> GUARD);
    result += rest > half_unit || (rest == half_unit && (result & 1));
    return number_of(sign | result);
}

// As `rounded`, of a significand that is not zero.
static number normalized(bits sign, int exponent, bits significand)
{
    int shift = LEADING(significand);
    return rounded(sign, exponent - shift, significand << shift);
}

// A finite number that is not zero, with the highest bit of its significand set.
static bits unpacked(bits value, int *exponent)
{
    bits fraction = value & ~SIGN;
    int e = fraction >> FRACTION;
    fraction <<= GUARD;
    if (e) {
        *exponent = e;
        return fraction | SIGN;
    }
    int shift = LEADING(fraction);
    *exponent = 1 - shift;
    return fraction << shift;
}

static inline int is_nan(bits value)
{
    return (value & ~SIGN) > INFINITE;
}

number F(add)(number x, number y)
{
    bits a = bits_of(x), b = bits_of(y);
    if ((a & ~SIGN) < (b & ~SIGN)) {
        bits other = a;
        a = b, b = other;
    }
    bits sign = a & SIGN, differ = (a ^ b) & SIGN;
    if ((a & ~SIGN) >= INFINITE) // the larger: so that b may be infinite as well
        return number_of(is_nan(a) || ((b & ~SIGN) == INFINITE && differ) ? QUIET : a);
    if (!(b & ~SIGN))
        return number_of(!(a & ~SIGN) && differ ? 0 : a);
    int exponent, lower;
    bits s = unpacked(a, &exponent) >> 1, t = unpacked(b, &lower) >> 1;
    t = jammed(t, exponent - lower);
    s = differ ? s - t : s + t;
    return s ? normalized(sign, exponent + 1, s) : number_of(0);
}

number F(sub)(number x, number y)
{
    return F(add)(x, number_of(bits_of(y) ^ SIGN));
}

// The high half of a product, jammed.
static bits product(bits a, bits b)
{
    bits mask = ((bits)1 << WIDTH / 2) - 1;
    half a0 = a & mask, a1 = a >> WIDTH / 2, b0 = b & mask, b1 = b >> WIDTH / 2;
    bits low = (bits)a0 * b0, middle = (bits)a1 * b0 + (low >> WIDTH / 2);
    bits other = (bits)a0 * b1 + (middle & mask);
    bits high = (bits)a1 * b1 + (middle >> WIDTH / 2) + (other >> WIDTH / 2);
    return high | ((low & mask) != 0 || (other & mask) != 0);
}

number F(mul)(number x, number y)
{
    bits a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN;
    bits c = a & ~SIGN, d = b & ~SIGN;
    if (c >= INFINITE || d >= INFINITE) {
        if (is_nan(a) || is_nan(b) || !c || !d)
            return number_of(QUIET);
        return number_of(sign | INFINITE);
    }
    if (!c || !d)
        return number_of(sign);
    int e, f;
    bits s = unpacked(a, &e), t = unpacked(b, &f);
    return normalized(sign, e + f - BIAS + 1, product(s, t));
}

number F(div)(number x, number y)
{
    bits a = bits_of(x), b = bits_of(y), sign = (a ^ b) & SIGN;
    bits c = a & ~SIGN, d = b & ~SIGN;
    if (is_nan(a) || is_nan(b) || (c == d && (!c || c == INFINITE)))
        return number_of(QUIET);
    if (c == INFINITE || !d)
        return number_of(sign | INFINITE);
    if (!c || d == INFINITE)
        return number_of(sign);
    int e, f;
    bits s = unpacked(a, &e) >> GUARD, t = unpacked(b, &f) >> GUARD, quotient = 0;
    // One bit at a time, two more than the result has.
    for (int i = 0; i < FRACTION + 3; i++) {
        quotient <<= 1;
        if (s >= t)
            s -= t, quotient |= 1;
        s <<= 1;
    }
    quotient = quotient << (WIDTH - FRACTION - 3) | (s != 0);
    return normalized(sign, e - f + BIAS, quotient);
}

number F(neg)(number x)
{
    return number_of(bits_of(x) ^ SIGN);
}

// Comparing: the sign of the difference, or `unordered`.

static int compared(bits a, bits b, int unordered)
{
    if (is_nan(a) || is_nan(b))
        return unordered;
    if (!((a | b) & ~SIGN))
        return 0;
    if ((a ^ b) & SIGN)
        return a & SIGN ? -1 : 1;
    int order = (a > b) - (a < b);
    return a & SIGN ? -order : order;
}

int F(eq)(number x, number y) { return compared(bits_of(x), bits_of(y), 1); }
int F(ne)(number x, number y) { return compared(bits_of(x), bits_of(y), 1); }
int F(lt)(number x, number y) { return compared(bits_of(x), bits_of(y), 1); }
int F(le)(number x, number y) { return compared(bits_of(x), bits_of(y), 1); }
int F(cmp)(number x, number y) { return compared(bits_of(x), bits_of(y), 1); }
int F(gt)(number x, number y) { return compared(bits_of(x), bits_of(y), -1); }
int F(ge)(number x, number y) { return compared(bits_of(x), bits_of(y), -1); }
int F(unord)(number x, number y) { return is_nan(bits_of(x)) || is_nan(bits_of(y)); }

// Integers. What does not fit becomes the nearest that does, NaN the largest, as fcvt has it.

static number from_magnitude(bits sign, uint64_t value)
{
    if (!value)
        return number_of(0);
    int shift = __builtin_clzll(value);
    value <<= shift;
    bits significand = value >> (64 - WIDTH);
    significand |= (uint64_t)significand << (64 - WIDTH) != value;
    return rounded(sign, BIAS + 63 - shift, significand);
}

number F(floatdi)(int64_t value)
{
    return from_magnitude(value < 0 ? SIGN : 0, value < 0 ? -(uint64_t)value : value);
}

number F(floatundi)(uint64_t value) { return from_magnitude(0, value); }
number F(floatsi)(int32_t value) { return F(floatdi)(value); }
number F(floatunsi)(uint32_t value) { return from_magnitude(0, value); }

static uint64_t truncated(bits value, uint64_t most, uint64_t most_negative)
{
    uint64_t limit = value & SIGN && !is_nan(value) ? most_negative : most;
    int exponent = (int)((value & ~SIGN) >> FRACTION) - BIAS;
    uint64_t magnitude = 0;
    if (exponent > 63)
        magnitude = limit;
    else if (exponent >= 0) {
        uint64_t significand = (uint64_t)(bits)(value << GUARD | SIGN) << (64 - WIDTH);
        magnitude = significand >> (63 - exponent);
    }
    magnitude = magnitude > limit ? limit : magnitude;
    return value & SIGN && !is_nan(value) ? -magnitude : magnitude;
}

int64_t F(fixdi)(number x) { return truncated(bits_of(x), INT64_MAX, (uint64_t)1 << 63); }
uint64_t F(fixunsdi)(number x) { return truncated(bits_of(x), UINT64_MAX, 0); }
int32_t F(fixsi)(number x) { return truncated(bits_of(x), INT32_MAX, (uint64_t)1 << 31); }
uint32_t F(fixunssi)(number x) { return truncated(bits_of(x), UINT32_MAX, 0); }

number F(powi)(number x, int n)
{
    number result = 1;
    for (unsigned left = n < 0 ? -(unsigned)n : n; left; left >>= 1, x = x * x)
        if (left & 1)
            result = result * x;
    return n < 0 ? 1 / result : result;
}
