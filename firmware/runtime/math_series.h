// The other functions, by series about a point close by: of what range reduction leaves, no more
// terms are needed than the format has room for. Included once a format, with `number`, `bits`,
// FRACTION and N as math_exact.h has them, and SPLIT, 2^(half the significand's bits) + 1.
#define BIAS ((1 << (8 * (int)sizeof(number) - 2 - FRACTION)) - 1)
#define IS_SINGLE (FRACTION == 23)

// An unevaluated sum, twice as precise as one number (Dekker, 1971).
typedef struct {
    number high, low;
} pair;

static pair sum_of(number a, number b)
{
    number high = a + b, part = high - a;
    return (pair){high, (a - (high - part)) + (b - part)};
}

static pair product_of(number a, number b)
{
    number c = a * SPLIT, d = b * SPLIT;
    number a1 = c - (c - a), b1 = d - (d - b), a2 = a - a1, b2 = b - b1, high = a * b;
    return (pair){high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2};
}

static pair pair_sum(pair a, pair b)
{
    pair sum = sum_of(a.high, b.high);
    return sum_of(sum.high, sum.low + (a.low + b.low));
}

static pair pair_product(pair a, pair b)
{
    pair product = product_of(a.high, b.high);
    return sum_of(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static number power_of_two(int n)
{
    union {
        bits bits;
        number value;
    } both = {(bits)(n + BIAS) << FRACTION};
    return both.value;
}

// sum of c[i] x^i
static number series(number x, const number *c, int count)
{
    number sum = c[--count];
    while (count)
        sum = sum * x + c[--count];
    return sum;
}

#define SERIES(x, ...) series(x, (const number[]){__VA_ARGS__}, \
    sizeof((const number[]){__VA_ARGS__}) / sizeof(number))
