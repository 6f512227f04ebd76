// What has one right answer: roundings to an integer, parts of a number, roots and remainders.
// Included once a format, as soft_float.h of the compiler's functions is.
#define GUARD (WIDTH - 1 - FRACTION)
#define SIGN ((bits)1 << (WIDTH - 1))
#define EXPONENTS ((1 << GUARD) - 1)
#define BIAS (EXPONENTS >> 1)
#define INFINITE ((bits)EXPONENTS << FRACTION)
#define UNIT ((bits)1 << FRACTION)

typedef union {
    number value;
    bits bits;
} both;

#define BITS(x) (((both){.value = (x)}).bits)
#define NUMBER(b) (((both){.bits = (b)}).value)
#define EXPONENT(x) ((int)(BITS(x) >> FRACTION & EXPONENTS))

number N(fabs)(number x) { return NUMBER(BITS(x) & ~SIGN); }
number N(copysign)(number x, number y) { return NUMBER((BITS(x) & ~SIGN) | (BITS(y) & SIGN)); }

// Bits that are worth less than one.
static bits fraction_mask(number x)
{
    int exponent = EXPONENT(x) - BIAS;
    return exponent < 0 ? ~SIGN : exponent >= FRACTION ? 0 : (UNIT - 1) >> exponent;
}

number N(trunc)(number x)
{
    return NUMBER(BITS(x) & ~fraction_mask(x));
}

number N(floor)(number x)
{
    number whole = N(trunc)(x);
    return whole > x ? whole - 1 : whole;
}

number N(ceil)(number x)
{
    number whole = N(trunc)(x);
    return whole < x ? N(copysign)(whole + 1, x) : whole;
}

number N(round)(number x)
{
    number whole = N(trunc)(x);
    if (N(fabs)(x - whole) >= (number)0.5)
        whole += N(copysign)(1, x);
    return N(copysign)(whole, x);
}

number N(rint)(number x)
{
    if (EXPONENT(x) - BIAS >= FRACTION)
        return x;
    number sum = N(fabs)(x) + (number)UNIT; // which has no room for a fraction
    return N(copysign)(sum - (number)UNIT, x);
}

number N(nearbyint)(number x) { return N(rint)(x); }
long N(lround)(number x) { return (long)N(round)(x); }
long N(lrint)(number x) { return (long)N(rint)(x); }

number N(modf)(number x, number *whole)
{
    *whole = N(trunc)(x);
    return N(copysign)(EXPONENT(x) == EXPONENTS && x == x ? 0 : x - *whole, x);
}

number N(fmin)(number x, number y)
{
    if (x != x || y != y)
        return x != x ? y : x;
    return x < y || (x == y && BITS(x) & SIGN) ? x : y;
}

number N(fmax)(number x, number y)
{
    if (x != x || y != y)
        return x != x ? y : x;
    return x > y || (x == y && BITS(y) & SIGN) ? x : y;
}

number N(fdim)(number x, number y)
{
    return x != x || y != y ? x + y : x > y ? x - y : 0;
}

number N(frexp)(number x, int *exponent)
{
    int scale = 0;
    if (EXPONENT(x) == 0 && x != 0)
        x *= (number)UNIT * 2, scale = FRACTION + 1;
    *exponent = 0;
    if (EXPONENT(x) == EXPONENTS || x == 0)
        return x;
    *exponent = EXPONENT(x) - BIAS + 1 - scale;
    return NUMBER((BITS(x) & ~INFINITE) | (bits)(BIAS - 1) << FRACTION);
}

// Two steps at most lose bits once.
number N(ldexp)(number x, int n)
{
    number least = NUMBER(UNIT) * (number)UNIT; // 2^FRACTION times the least normal number
    int step = BIAS - 1 - FRACTION;
    for (int i = 0; n > BIAS && i < 3; i++, n -= BIAS)
        x *= NUMBER((bits)(2 * BIAS) << FRACTION);
    for (int i = 0; n < 1 - BIAS && i < 3; i++, n += step)
        x *= least;
    n = n > BIAS ? BIAS : n < 1 - BIAS ? 1 - BIAS : n;
    return x * NUMBER((bits)(n + BIAS) << FRACTION);
}

number N(scalbn)(number x, int n) { return N(ldexp)(x, n); }

// The significand with its leading one, and the exponent that a normal number has for it.
static bits significand_of(number x, int *exponent)
{
    bits fraction = BITS(x) & (UNIT - 1);
    *exponent = EXPONENT(x);
    if (*exponent)
        return fraction | UNIT;
    for (*exponent = 1; !(fraction & UNIT); --*exponent)
        fraction <<= 1;
    return fraction;
}

number N(sqrt)(number x)
{
#if defined(__riscv_flen) && __riscv_flen >= WIDTH
    number root;
    __asm__(HARDWARE_ROOT " %0, %1" : "=f"(root) : "f"(x));
    return root;
#else
    if (x < 0)
        return NUMBER(INFINITE | UNIT >> 1);
    if (x == 0 || x != x || BITS(x) == INFINITE)
        return x;
    int exponent;
    bits left = significand_of(x, &exponent), root = 0, sum = 0;
    exponent -= BIAS;
    left <<= 1 + (exponent & 1);
    // Digit by digit: `sum` is twice the root so far.
    for (bits bit = UNIT << 1; bit; bit >>= 1) {
        if (sum + bit <= left) {
            left -= sum + bit;
            sum += 2 * bit;
            root += bit;
        }
        left <<= 1;
    }
    root = (root + (left && root & 1)) >> 1;
    return NUMBER(root + ((bits)((exponent >> 1) + BIAS - 1) << FRACTION));
#endif
}

number N(fmod)(number x, number y)
{
    int e, f;
    if (y == 0 || y != y || EXPONENT(x) == EXPONENTS)
        return (x * y) / (x * y);
    if (N(fabs)(x) <= N(fabs)(y))
        return N(fabs)(x) == N(fabs)(y) ? 0 * x : x;
    bits rest = significand_of(x, &e), by = significand_of(y, &f);
    for (;; e--) {
        if (rest >= by)
            rest -= by;
        if (e == f)
            break;
        rest <<= 1;
    }
    if (!rest)
        return 0 * x;
    for (; !(rest & UNIT); e--)
        rest <<= 1;
    if (e > 0)
        rest = (rest - UNIT) | (bits)e << FRACTION;
    else
        rest >>= 1 - e;
    return NUMBER(rest | (BITS(x) & SIGN));
}
