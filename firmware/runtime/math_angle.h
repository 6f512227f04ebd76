// Sines and their like. Included once a format, behind math_series.h.
// pi/2 in parts, such that a multiple of each of the first two is exact up to FAR.
#if IS_SINGLE
#define FAR 12000
#define FIRST 0x1.92p0f
#define SECOND 0x1.fb4p-12f
#define THIRD 7.549790126404332e-08f
#define FOURTH -1.7151245e-15f
#else
#define FAR 0x1p20
#define FIRST 1.57079632673412561417
#define SECOND 6.07710050630396597660e-11
#define THIRD 2.0222662487959506e-21
#define FOURTH 8.4784276603688996e-32
#endif

// x = n pi/2 + the result; the last two bits of n. Far away the parts of pi/2 are too few.
static int quadrant(number x, pair *rest)
{
#if IS_SINGLE
    if (N(fabs)(x) > FAR) {
        double n = rint(x * 0.63661977236758134308);
        *rest = (pair){(float)((x - n * 0x1.921fb544p+0) - n * 6.077100506506192e-11), 0};
        return (int)fmod(n, 4) & 3;
    }
#endif
    number n = N(rint)(x * (number)0.63661977236758134308);
    pair third = product_of(n, THIRD), near = sum_of(x - n * FIRST, -(n * SECOND));
    *rest = pair_sum(near, (pair){-third.high, -third.low - n * FOURTH});
    return (int)N(fmod)(n, 4) & 3;
}

static number small_sine(pair x)
{
    number z = x.high * x.high;
    number tail = SERIES(z,
#if IS_SINGLE
        -1 / 6.f, 1 / 120.f, -1 / 5040.f, 1 / 362880.f
#else
        -1 / 6., 1 / 120., -1 / 5040., 1 / 362880., -1 / 39916800., 1 / 6227020800.,
        -1 / 1307674368e3, 1 / 355687428096e3
#endif
    );
    return x.high + (x.high * z * tail + x.low * (1 - z / 2));
}

static number small_cosine(pair x)
{
    number z = x.high * x.high, half = z / 2, close = 1 - half;
    number tail = SERIES(z,
#if IS_SINGLE
        1 / 24.f, -1 / 720.f, 1 / 40320.f, -1 / 3628800.f
#else
        1 / 24., -1 / 720., 1 / 40320., -1 / 3628800., 1 / 479001600., -1 / 87178291200.,
        1 / 20922789888e3, -1 / 6402373705728e3
#endif
    );
    return close + (((1 - close) - half) + (z * z * tail - x.high * x.low));
}

number N(sin)(number x)
{
    pair rest;
    if (!(N(fabs)(x) < (number)INFINITY))
        return x - x;
    if (x == 0)
        return x;
    int n = quadrant(x, &rest);
    number value = n & 1 ? small_cosine(rest) : small_sine(rest);
    return n & 2 ? -value : value;
}

number N(cos)(number x)
{
    pair rest;
    if (!(N(fabs)(x) < (number)INFINITY))
        return x - x;
    int n = quadrant(x, &rest);
    number value = n & 1 ? small_sine(rest) : small_cosine(rest);
    return (n + 1) & 2 ? -value : value;
}

number N(tan)(number x)
{
    pair rest;
    if (!(N(fabs)(x) < (number)INFINITY) || x == 0)
        return x == 0 ? x : x - x;
    int n = quadrant(x, &rest);
    number sine = small_sine(rest), cosine = small_cosine(rest);
    return n & 1 ? -cosine / sine : sine / cosine;
}

// atan (i / 4), and what its rounding has left
static const pair quarters[] = {
#if IS_SINGLE
    {0, 0},
    {0x1.f5b76p-3f, -0x1.b4dfc8p-29f},
    {0x1.dac67p-2f, 0x1.586ed4p-28f},
    {0x1.4978fap-1f, 0x1.934f7p-28f},
    {0x1.921fb6p-1f, -0x1.777a5cp-26f},
#else
    {0, 0},
    {0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57},
    {0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
    {0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56},
    {0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55},
#endif
};

number N(atan)(number x)
{
    number a = N(fabs)(x), t = a > 1 ? 1 / a : a;
    if (x != x)
        return x;
    int i = (int)(t * 4 + (number)0.5);
    number c = (number)i / 4;
    t = (t - c) / (1 + t * c);
    number z = t * t, tail = SERIES(z,
#if IS_SINGLE
        -1 / 3.f, 1 / 5.f, -1 / 7.f, 1 / 9.f
#else
        -1 / 3., 1 / 5., -1 / 7., 1 / 9., -1 / 11., 1 / 13., -1 / 15., 1 / 17., -1 / 19.
#endif
    );
    number value = quarters[i].high + (t + (t * z * tail + quarters[i].low));
    if (a > 1)
        value = 2 * quarters[4].high - (value - 2 * quarters[4].low);
    return N(copysign)(value, x);
}

number N(atan2)(number y, number x)
{
    if (x != x || y != y)
        return x + y;
    number pi = 4 * quarters[4].high, low = 4 * quarters[4].low, a = N(fabs)(y), b = N(fabs)(x);
    number angle;
    if (a == 0)
        angle = 0;
    else if (b == 0)
        angle = pi / 2;
    else if (a == (number)INFINITY)
        angle = b == (number)INFINITY ? pi / 4 : pi / 2;
    else
        angle = N(atan)(a / b);
    if (x < 0 || (x == 0 && 1 / x < 0 && a == 0))
        angle = pi - (angle - low);
    return N(copysign)(angle, y);
}

number N(asin)(number x)
{
    return N(fabs)(x) > 1 ? (number)NAN : N(atan2)(x, N(sqrt)((1 - x) * (1 + x)));
}

number N(acos)(number x)
{
    return N(fabs)(x) > 1 ? (number)NAN : N(atan2)(N(sqrt)((1 - x) * (1 + x)), x);
}
