// Exponentials, logarithms, powers and the error function. Included once a format, behind
// math_series.h.
// Exponentials --------------------------------------------------------------------------------

#if IS_SINGLE
#define LN2_HIGH ((number)0x1.62e4p-1)
#define LN2_LOW ((number)1.4286068203094173e-06)
#define MOST 89
#define LEAST (-104)
#else
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 1.9082149292705877e-10
#define MOST 710
#define LEAST (-746)
#endif

// e^r - 1 for |r| <= ln 2 / 2
static number small_exponential(number r)
{
    return r + r * r * SERIES(r,
#if IS_SINGLE
        1 / 2.f, 1 / 6.f, 1 / 24.f, 1 / 120.f, 1 / 720.f, 1 / 5040.f
#else
        1 / 2., 1 / 6., 1 / 24., 1 / 120., 1 / 720., 1 / 5040., 1 / 40320., 1 / 362880.,
        1 / 3628800., 1 / 39916800., 1 / 479001600., 1 / 6227020800.
#endif
    );
}

// x = *n ln 2 + the result
static number reduced(number high, number low, int *n)
{
    number whole = N(rint)(high * (number)1.4426950408889634074);
    *n = (int)whole;
    return ((high - whole * LN2_HIGH) - whole * LN2_LOW) + low;
}

static number exponential(number high, number low)
{
    int n;
    if (high > MOST || high < LEAST)
        return high > 0 ? (number)INFINITY : 0;
    number value = 1 + small_exponential(reduced(high, low, &n));
    return n > -BIAS && n <= BIAS ? value * power_of_two(n) : N(ldexp)(value, n);
}

number N(exp)(number x)
{
    return x != x ? x : exponential(x, 0);
}

number N(exp2)(number x)
{
    number whole = N(rint)(x);
    if (!(N(fabs)(x) < 2 * BIAS))
        return x != x ? x : x > 0 ? (number)INFINITY : 0;
    return N(ldexp)(1 + small_exponential((x - whole) * (number)0.69314718055994530942), (int)whole);
}

number N(expm1)(number x)
{
    int n;
    if (x != x || x == 0)
        return x;
    if (x > MOST - 2 || x < -50)
        return N(exp)(x) - 1;
    number part = small_exponential(reduced(x, 0, &n));
    return n ? part * power_of_two(n) + (power_of_two(n) - 1) : part;
}

number N(sinh)(number x)
{
    number a = N(fabs)(x), e = N(expm1)(a), half = N(exp)(a / 2);
    number value = a < 20 ? (e + e / (e + 1)) / 2 : half / 2 * half;
    return N(copysign)(value, x);
}

number N(cosh)(number x)
{
    number half = N(exp)(N(fabs)(x) / 2);
    number e = half * half;
    return N(fabs)(x) < 20 ? (e = N(exp)(N(fabs)(x)), e / 2 + (number)0.5 / e) : half / 2 * half;
}

number N(tanh)(number x)
{
    number a = N(fabs)(x);
    if (!(a < 22))
        return x != x ? x : N(copysign)(1, x);
    number e = N(expm1)(-2 * a);
    return N(copysign)(-e / (e + 2), x);
}

// Logarithms ----------------------------------------------------------------------------------

// x = 2^*n times the result, which lies about 1
static number centred(number x, int *n)
{
    number m = N(frexp)(x, n);
    if (m < (number)0.70710678118654752440)
        m *= 2, --*n;
    return m;
}

// What logarithms have no number for: whether x is that, and the answer.
static int is_special(number x, number *answer)
{
    if (x > 0 && x < (number)INFINITY)
        return 0;
    *answer = x < 0 ? (number)NAN : x == 0 ? -(number)INFINITY : x;
    return 1;
}

number N(log)(number x)
{
    int n;
    number answer;
    if (is_special(x, &answer))
        return answer;
    // log (1 + f) by s = f / (2 + f): 2 s + 2/3 s^3 + ..., written such that f itself is exact.
    number f = centred(x, &n) - 1, s = f / (2 + f), z = s * s, half = f * f / 2;
    number tail = z * SERIES(z,
#if IS_SINGLE
        2 / 3.f, 2 / 5.f, 2 / 7.f, 2 / 9.f, 2 / 11.f
#else
        2 / 3., 2 / 5., 2 / 7., 2 / 9., 2 / 11., 2 / 13., 2 / 15., 2 / 17., 2 / 19., 2 / 21., 2 / 23.
#endif
    );
    return n * LN2_HIGH - ((half - (s * (half + tail) + n * LN2_LOW)) - f);
}

number N(log1p)(number x)
{
    number u = 1 + x;
    if (!(u > 0 && u < (number)INFINITY) || u == 1)
        return u == 1 ? x : N(log)(u);
    return N(log)(u) + (x - (u - 1)) / u;
}

// The logarithm of a positive number, with half as many bits again.
static pair precise_logarithm(number x)
{
    int n;
    number f = centred(x, &n) - 1;
    pair d = sum_of(2, f), s = {f / d.high, 0}, p = product_of(s.high, d.high);
    s.low = ((f - p.high) - p.low - s.high * d.low) / d.high;
    pair z = pair_product(s, s);
    number tail = z.high * SERIES(z.high,
#if IS_SINGLE
        1 / 5.f, 1 / 7.f, 1 / 9.f, 1 / 11.f, 1 / 13.f
#else
        1 / 5., 1 / 7., 1 / 9., 1 / 11., 1 / 13., 1 / 15., 1 / 17., 1 / 19., 1 / 21., 1 / 23., 1 / 25.
#endif
    );
    number third = (number)1 / 3;
    pair rest = product_of(third, 3); // whose distance from 1 is three times that of `third`
    pair inner = sum_of(third, tail);
    inner.low += ((1 - rest.high) - rest.low) / 3;
    pair value = pair_sum(s, pair_product(pair_product(s, z), inner));
    value.high *= 2, value.low *= 2;
    return pair_sum(sum_of(n * LN2_HIGH, n * LN2_LOW), value);
}

static number scaled_logarithm(number x, number high, number low)
{
    number answer;
    if (is_special(x, &answer))
        return answer;
    pair value = pair_product(precise_logarithm(x), (pair){high, low});
    return value.high + value.low;
}

number N(log2)(number x)
{
#if IS_SINGLE
    return scaled_logarithm(x, 0x1.715476p+0f, 0x1.4ae0cp-26f);
#else
    return scaled_logarithm(x, 0x1.71547652b82fep+0, 0x1.777d0ffda0d24p-56);
#endif
}

number N(log10)(number x)
{
#if IS_SINGLE
    return scaled_logarithm(x, 0x1.bcb7b2p-2f, -0x1.5b235ep-27f);
#else
    return scaled_logarithm(x, 0x1.bcb7b1526e50ep-2, 0x1.95355baaafad3p-57);
#endif
}

number N(pow)(number x, number y)
{
    if (y == 0 || x == 1)
        return 1;
    if (x != x || y != y)
        return x + y;
    number sign = 1, size = N(fabs)(x), most = IS_SINGLE ? (number)0x1p40 : (number)0x1p70;
    int is_whole = N(trunc)(y) == y;
    int is_odd = is_whole && N(fabs)(y) < 2 / (number)(IS_SINGLE ? 0x1p-24 : 0x1p-53)
                 && N(trunc)(y / 2) * 2 != y;
    if (x < 0 || (x == 0 && 1 / x < 0)) {
        if (!is_whole && x < 0 && size != (number)INFINITY)
            return (number)NAN;
        sign = is_odd ? -1 : 1;
    }
    if (size == 0 || size == (number)INFINITY)
        return sign * ((size == 0) == (y > 0) ? 0 : (number)INFINITY);
    if (size == 1)
        return sign;
    if (!(N(fabs)(y) < most))
        y = N(copysign)(most, y);
    pair logarithm = precise_logarithm(size), power = product_of(logarithm.high, y);
    return sign * exponential(power.high, power.low + logarithm.low * y);
}

number N(hypot)(number x, number y)
{
    x = N(fabs)(x), y = N(fabs)(y);
    if (x == (number)INFINITY || y == (number)INFINITY)
        return (number)INFINITY;
    int n;
    N(frexp)(N(fmax)(x, y), &n);
    x = N(ldexp)(x, -n), y = N(ldexp)(y, -n);
    pair a = product_of(x, x), b = product_of(y, y), c = pair_sum(a, b);
    return N(ldexp)(N(sqrt)(c.high + c.low), n);
}

number N(cbrt)(number x)
{
    int n;
    if (x == 0 || x != x || N(fabs)(x) == (number)INFINITY)
        return x;
    number m = N(fabs)(N(frexp)(x, &n));
    int third = (n + (n < 0 ? -2 : 0)) / 3; // rounded down
    m = N(ldexp)(m, n - 3 * third);
    number root = N(exp)(N(log)(m) / 3);
    pair square = product_of(root, root), cube = pair_product(square, (pair){root, 0});
    root -= ((cube.high - m) + cube.low) / (3 * square.high);
    return N(copysign)(N(ldexp)(root, third), x);
}

// The error function --------------------------------------------------------------------------

// e^(-x^2) without losing what x^2 has behind its last bit
static number bell(number x)
{
    pair square = product_of(x, x);
    return exponential(-square.high, -square.low);
}

#if IS_SINGLE
// erf x / x as a polynomial in x^2, for |x| <= 1
static number near_zero(number x)
{
    return x * SERIES(x * x, 1.1283791671f, -3.7612638476e-01f, 1.1283782622e-01f, -2.6865438311e-02f,
        5.2210534131e-03f, -8.4843965603e-04f, 1.1268253971e-04f, -9.6735910458e-06f);
}

// erfc x for x >= 1/2, by e^(x^2) erfc x as a polynomial in 1 / (1 + x/2)
static number far(number x)
{
    return bell(x) * SERIES(1 / (1 + x / 2), 3.6427364419e-06f, 2.8198148824e-01f, 2.8363153554e-01f,
        2.3487710433e-01f, 2.3527216075e-01f, -1.0790948770e-01f, 4.0632993539e-01f,
        -6.1122322865e-01f, 3.5155691476e-01f, -7.4528611451e-02f);
}
#else
// 2 / sqrt(pi) (x - x^3 / 3 + x^5 / (2! 5) - x^7 / (3! 7) + ...), for |x| <= 1
static number near_zero(number x)
{
    number power = x, rest = 0, z = x * x;
    for (int n = 1; n < 22; n++) {
        power *= -z / n;
        rest += power / (2 * n + 1);
    }
    return (number)1.1283791670955125739 * (x + rest);
}

// e^(-x^2) / (sqrt(pi) (x + 1/2 / (x + 2/2 / (x + 3/2 / ...))))
static number far(number x)
{
    number sum = 0;
    for (int n = (int)(200 / (x * x)) + 12; n; n--)
        sum = (number)n / 2 / (x + sum);
    return (number)0.56418958354775628695 * bell(x) / (x + sum);
}
#endif

number N(erf)(number x)
{
    if (x != x || x == 0)
        return x;
    number a = N(fabs)(x);
    return a < 1 ? near_zero(x) : N(copysign)(a > 6 ? 1 : 1 - far(a), x);
}

number N(erfc)(number x)
{
    if (x < (number)0.5)
        return x > -1 ? 1 - near_zero(x) : 1 + N(erf)(-x);
    return x > 28 ? 0 : x != x ? x : far(x);
}
