// The posit32 product with the quire emulated as portable libraries of posits do: codes are read
// bit by bit as the standard defines them, and every product is widened to the quire and added to
// the whole of it. `posit_soft.c` is the same by the shortest way that we know.
#include "posit.h"

enum { WIDTH = 32, ES = 2, LIMBS = 16, LEAST = 240 }; // the quire's unit is 2^-LEAST

#define NAR 0x80000000u

// Two's complement, the lowest limb first.
typedef struct {
    uint32_t limb[LIMBS];
} quire32;

static quire32 quire;

// (-1)^negative * significand * 2^exponent.
typedef struct {
    uint32_t negative, significand;
    int exponent;
} number;

static number of_posit(uint32_t code)
{
    number found = {code >> 31, 0, 0};
    uint32_t rest = (found.negative ? 0 - code : code) << 1; // from the regime on
    int left = WIDTH - 1, regime;
    if (rest & NAR) {
        regime = -1;
        while (left > 0 && rest & NAR) {
            regime++;
            rest <<= 1;
            left--;
        }
    } else {
        regime = 0;
        while (left > 0 && !(rest & NAR)) {
            regime--;
            rest <<= 1;
            left--;
        }
    }
    rest <<= 1; // the bit that ends the regime
    int exponent = (int)(rest >> (WIDTH - ES));
    rest <<= ES;
    found.significand = NAR | rest >> 1;
    found.exponent = (regime << ES) + exponent - (WIDTH - 1);
    return found;
}

static void negate(quire32 *q)
{
    uint32_t carry = 1;
    for (int i = 0; i < LIMBS; i++) {
        q->limb[i] = ~q->limb[i] + carry;
        carry = carry && q->limb[i] == 0;
    }
}

static void add(quire32 *to, const quire32 *q)
{
    uint64_t carry = 0;
    for (int i = 0; i < LIMBS; i++) {
        carry += (uint64_t)to->limb[i] + q->limb[i];
        to->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static int is_nar(const quire32 *q)
{
    uint32_t others = 0;
    for (int i = 0; i < LIMBS - 1; i++)
        others |= q->limb[i];
    return q->limb[LIMBS - 1] == NAR && others == 0;
}

// The product at its place; what lies below the quire's unit is zero.
static void widen(quire32 *q, uint64_t product, int place)
{
    for (int i = 0; i < LIMBS; i++)
        q->limb[i] = 0;
    if (place < 0) {
        product >>= -place;
        place = 0;
    }
    int limb = place / 32, by = place % 32;
    uint64_t low = (product & 0xffffffff) << by, high = (product >> 32) << by;
    uint64_t middle = (low >> 32) + (high & 0xffffffff);
    q->limb[limb] = (uint32_t)low;
    if (limb + 1 < LIMBS)
        q->limb[limb + 1] = (uint32_t)middle;
    if (limb + 2 < LIMBS)
        q->limb[limb + 2] = (uint32_t)(high >> 32) + (uint32_t)(middle >> 32);
}

void soft_qclr(void);
void soft_qmadd(uint32_t x, uint32_t y);
uint32_t soft_qround(void);

void soft_qclr(void)
{
    for (int i = 0; i < LIMBS; i++)
        quire.limb[i] = 0;
}

void soft_qmadd(uint32_t x, uint32_t y)
{
    if (is_nar(&quire))
        return;
    if (x == NAR || y == NAR) {
        soft_qclr();
        quire.limb[LIMBS - 1] = NAR;
        return;
    }
    if (x == 0 || y == 0)
        return;
    number p = of_posit(x), q = of_posit(y);
    quire32 product;
    widen(&product, (uint64_t)p.significand * q.significand, p.exponent + q.exponent + LEAST);
    if (p.negative ^ q.negative)
        negate(&product);
    add(&quire, &product);
}

// The bits from a place on, the first at the top; beyond the lowest they are zeros.
static uint32_t bits_below(const quire32 *q, int place)
{
    int limb = place / 32, by = 31 - place % 32;
    if (place < 0)
        return 0;
    uint32_t below = limb > 0 && by > 0 ? q->limb[limb - 1] >> (32 - by) : 0;
    return q->limb[limb] << by | below;
}

// Whether there is a one from a place on.
static int any_below(const quire32 *q, int place)
{
    if (place < 0)
        return 0;
    uint32_t found = q->limb[place / 32] << (31 - place % 32);
    for (int i = 0; i < place / 32; i++)
        found |= q->limb[i];
    return found != 0;
}

// To the nearest posit, even on ties, never to 0 or NaR.
uint32_t soft_qround(void)
{
    quire32 magnitude = quire;
    uint32_t negative = quire.limb[LIMBS - 1] >> 31;
    if (is_nar(&quire))
        return NAR;
    if (negative)
        negate(&magnitude);
    int limb = LIMBS - 1;
    while (limb >= 0 && magnitude.limb[limb] == 0)
        limb--;
    if (limb < 0)
        return 0;
    int top = 32 * limb + 31;
    for (uint32_t word = magnitude.limb[limb]; !(word & NAR); word <<= 1)
        top--;
    int scale = top - LEAST, regime = scale >> ES;
    uint32_t code;
    if (regime > WIDTH - 3) {
        code = NAR - 1;
    } else if (regime < 2 - WIDTH) {
        code = 1;
    } else {
        // Behind the sign the regime, its end, the exponent, and the fraction as far as it goes.
        int run = regime >= 0 ? regime + 1 : -regime, sticky = any_below(&magnitude, top - 33);
        uint64_t string = regime >= 0 ? ~(~(uint64_t)0 >> run) : (uint64_t)1 << (63 - run);
        uint64_t exponent = (uint64_t)((uint32_t)scale % (1 << ES)) << (64 - ES);
        uint64_t tail = exponent | (uint64_t)bits_below(&magnitude, top - 1) << (32 - ES);
        string |= tail >> (run + 1);
        sticky |= (tail & (((uint64_t)1 << (run + 1)) - 1)) != 0;
        code = (uint32_t)(string >> 33);
        uint32_t next = (uint32_t)(string >> 32) & 1;
        sticky |= (uint32_t)string != 0;
        if (next && (sticky || (code & 1)))
            code++;
        if (code == 0)
            code = 1;
    }
    return negative ? 0 - code : code;
}

static void multiply(void)
{
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            soft_qclr();
            for (int k = 0; k < SIZE; k++)
                soft_qmadd(a[i][k], b[j][k]);
            c[i][j] = soft_qround();
        }
}
