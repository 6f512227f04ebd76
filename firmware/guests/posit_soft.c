// The posit32 product with the quire emulated by integers, bit for bit.
#include "posit.h"

enum { LIMBS = 16, LEAST = 240 }; // the quire's bits, and minus the exponent of its lowest

#define NAR 0x80000000u

static uint32_t quire[LIMBS]; // two's complement, lowest first
static uint32_t is_nar;

typedef struct {
    uint32_t negative, significand; // from 2^31
    int scale;
} parts;

static inline parts of_posit(uint32_t code)
{
    uint32_t negative = code >> 31, magnitude = negative ? 0 - code : code;
    uint32_t body = magnitude << 1, ones = body >> 31;
    int run = __builtin_clz(ones ? ~body : body);
    uint32_t rest = body << run << 1;
    int regime = ones ? run - 1 : -run;
    return (parts){negative, NAR | rest << 2 >> 1, 4 * regime + (int)(rest >> 30)};
}

void soft_qclr(void);
void soft_qmadd(uint32_t x, uint32_t y);
uint32_t soft_qround(void);

void soft_qclr(void)
{
    for (int i = 0; i < LIMBS; i++)
        quire[i] = 0;
    is_nar = 0;
}

void soft_qmadd(uint32_t x, uint32_t y)
{
    if (x == 0 || y == 0 || x == NAR || y == NAR) {
        is_nar |= x == NAR || y == NAR;
        return;
    }
    parts p = of_posit(x), q = of_posit(y);
    uint64_t product = (uint64_t)p.significand * q.significand;
    int shift = p.scale + q.scale - 62 + LEAST;
    if (shift < 0) { // what falls off is 0: such small posits have no fraction
        product >>= -shift;
        shift = 0;
    }
    uint32_t by = (uint32_t)shift % 32, low = (uint32_t)product, high = (uint32_t)(product >> 32);
    uint32_t words[3] = {low << by, high << by, 0};
    if (by != 0) {
        words[1] |= low >> (32 - by);
        words[2] = high >> (32 - by);
    }
    uint32_t *limb = quire + shift / 32, *end = quire + LIMBS;
    if (p.negative ^ q.negative) {
        uint32_t borrow = 0;
        for (int i = 0; i < 3 && limb < end; i++, limb++) {
            uint32_t was = *limb, half = was - words[i];
            *limb = half - borrow;
            borrow = (was < words[i]) | (half < borrow);
        }
        for (; borrow && limb < end; limb++)
            borrow = (*limb)-- == 0;
    } else {
        uint32_t carry = 0;
        for (int i = 0; i < 3 && limb < end; i++, limb++) {
            uint32_t half = *limb + words[i];
            *limb = half + carry;
            carry = (half < words[i]) | (*limb < carry);
        }
        for (; carry && limb < end; limb++)
            carry = ++*limb == 0;
    }
}

// To the nearest posit, even on ties, never to 0 or NaR.
uint32_t soft_qround(void)
{
    uint32_t magnitude[LIMBS], negative = quire[LIMBS - 1] >> 31, carry = negative;
    int top = LIMBS - 1;
    if (is_nar)
        return NAR;
    for (int i = 0; i < LIMBS; i++) {
        uint32_t word = negative ? ~quire[i] : quire[i];
        magnitude[i] = word + carry;
        carry = magnitude[i] < carry;
    }
    while (top >= 0 && magnitude[top] == 0)
        top--;
    if (top < 0)
        return 0;
    int leading = __builtin_clz(magnitude[top]), sticky = 0;
    uint32_t next = top > 0 ? magnitude[top - 1] : 0;
    uint32_t after = top > 1 ? magnitude[top - 2] : 0;
    uint32_t significand = magnitude[top], below = next;
    if (leading) {
        significand = significand << leading | next >> (32 - leading);
        below = next << leading | after >> (32 - leading);
        after <<= leading;
    }
    sticky = (below | after) != 0;
    for (int i = 0; i < top - 2; i++)
        sticky |= magnitude[i] != 0;
    int scale = 32 * top + 31 - leading - LEAST, regime = scale >> 2;
    uint32_t code;
    if (regime >= 30)
        code = 0x7fffffff;
    else if (regime < -30)
        code = 1;
    else {
        // Sign, regime, two bits of exponent, fraction: 63 bits, of which 32 are kept.
        uint64_t tail = (uint64_t)(uint32_t)(scale & 3) << 62 | (uint64_t)(significand << 1) << 30;
        int run = regime >= 0 ? regime + 1 : -regime;
        uint64_t body = regime >= 0 ? ~(~(uint64_t)0 >> run) : (uint64_t)1 << (63 - run);
        sticky |= (tail & (((uint64_t)1 << (run + 1)) - 1)) != 0;
        body |= tail >> (run + 1);
        uint64_t bits = body >> 1;
        sticky |= (int)(body & 1);
        code = (uint32_t)(bits >> 32);
        uint32_t rest = (uint32_t)bits;
        code += rest > NAR || (rest == NAR && (sticky || (code & 1)));
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
