/* Rounding: IEEE 754-2019, 4.3 (RMM is roundTiesToAway), round to odd, and stochastically: away from
 * zero where what is cut off, in 2^bits-ths of the gap and rounded down, is above the number drawn.
 * Such a mode holds both. */
RVXE_FUNCTION int64_t rvxe_drawn(uint64_t drawn, int bits)
{
    return (int64_t)(drawn << 16 | (uint64_t)bits << 8 | RVXE_DRAWN);
}
RVXE_FUNCTION int rvxe_is_drawn(int64_t mode)
{
    return (mode & 0xff) == RVXE_DRAWN;
}
RVXE_FUNCTION int rvxe_drawn_bits(int64_t mode)
{
    return (int)(mode >> 8 & 0xff);
}
RVXE_FUNCTION uint64_t rvxe_drawn_number(int64_t mode)
{
    return (uint64_t)mode >> 16;
}
RVXE_FUNCTION int rvxe_goes_up(int64_t mode, uint32_t negative, int odd, int half, int rest)
{
    switch (mode) {
    case RVXE_RNE: return half && (rest || odd);
    case RVXE_RDN: return negative && (half || rest);
    case RVXE_RUP: return !negative && (half || rest);
    case RVXE_RMM: return half;
    case RVXE_ODD: return !odd && (half || rest);
    default: return 0;
    }
}
/* Whether what is above the largest number does not become that (IEEE 754-2019, 7.4). */
RVXE_FUNCTION int rvxe_overflows_away(int64_t mode, uint32_t negative)
{
    switch (mode) {
    case RVXE_RTZ: case RVXE_ODD: return 0;
    case RVXE_RDN: return negative != 0;
    case RVXE_RUP: return !negative;
    default: return 1;
    }
}
/* The highest bits below 2^shift, the fraction that is cut off. */
RVXE_FUNCTION uint64_t rvxe_cut_off(const rvxe_real *a, int32_t shift, int bits)
{
    if (shift < bits)
        return (rvxe_bits_from(a, 0) & rvxe_mask(shift)) << (bits - shift);
    return rvxe_bits_from(a, shift - bits) & rvxe_mask(bits);
}
/* The magnitude / 2^shift, rounded. The caller knows that it fits. */
RVXE_FUNCTION uint64_t rvxe_round(const rvxe_real *a, int32_t shift, int64_t mode, int *inexact)
{
    uint64_t below;
    int half, rest;
    *inexact = 0;
    if (shift <= 0)
        return shift > -64 ? rvxe_bits_from(a, 0) << -shift : 0;
    below = rvxe_bits_from(a, shift);
    half = (int)(rvxe_bits_from(a, shift - 1) & 1);
    rest = rvxe_any_below(a, shift - 1);
    *inexact = half || rest;
    if (rvxe_is_drawn(mode))
        return below
            + (rvxe_cut_off(a, shift, rvxe_drawn_bits(mode)) > rvxe_drawn_number(mode));
    return below + (uint64_t)rvxe_goes_up(mode, a->negative, (int)(below & 1), half, rest);
}

/* Floats ------------------------------------------------------------------------------------- */

enum { RVXE_SPECIALS_IEEE, RVXE_SPECIALS_NAN, RVXE_SPECIALS_NONE };
enum { RVXE_TO_INFINITY, RVXE_TO_NAN, RVXE_TO_LARGEST };

typedef struct {
    int exponent, fraction, specials, is_signed, overflow;
    int32_t emin;
    uint64_t max_code, canonical_nan; /* no NaN: zero */
} rvxe_float;

RVXE_FUNCTION void rvxe_decode_float(rvxe_real *a, uint64_t code, const rvxe_float f)
{
    const uint64_t magnitude = code & rvxe_mask(f.exponent + f.fraction);
    const int negative = code != magnitude;
    const int32_t steps = (int32_t)(magnitude >> f.fraction) - 1, lsb = f.emin - f.fraction;
    if (magnitude > f.max_code) {
        if (f.specials == RVXE_SPECIALS_IEEE && magnitude == f.max_code + 1)
            rvxe_special(a, negative ? RVXE_NEG_INF : RVXE_POS_INF, 0);
        else
            rvxe_special(a, RVXE_NAN, f.specials == RVXE_SPECIALS_IEEE
                && !(magnitude >> (f.fraction - 1) & 1) ? RVXE_NV : 0);
    } else if (!magnitude)
        rvxe_special(a, negative ? RVXE_NEG_ZERO : RVXE_POS_ZERO, 0);
    else if (steps <= 0)
        rvxe_dyadic(a, negative, magnitude, lsb);
    else
        rvxe_dyadic(a, negative, magnitude - ((uint64_t)steps << f.fraction), lsb + steps);
}
RVXE_FUNCTION uint64_t rvxe_with_sign(
    uint64_t magnitude, int negative, const rvxe_float f, uint32_t raised, uint32_t pending,
    uint32_t *flags)
{
    if (negative && !f.is_signed) {
        *flags |= magnitude ? pending | RVXE_NV : raised;
        return 0;
    }
    *flags |= raised;
    if (!negative || (f.canonical_nan && magnitude == f.canonical_nan))
        return magnitude;
    return magnitude | (uint64_t)1 << (f.exponent + f.fraction);
}
RVXE_FUNCTION uint64_t rvxe_encode_float_special(
    const rvxe_real *a, int64_t mode, const rvxe_float f, uint32_t *flags)
{
    uint32_t found;
    const uint32_t kind = rvxe_resolved(a, &found);
    if (kind == RVXE_NAN) {
        *flags |= found | (f.canonical_nan ? 0 : RVXE_NV);
        return f.canonical_nan ? f.canonical_nan : f.max_code;
    }
    if (kind & RVXE_INFINITE)
        return rvxe_with_sign(f.max_code + (f.overflow != RVXE_TO_LARGEST), kind == RVXE_NEG_INF, f,
            found | (f.overflow == RVXE_TO_INFINITY ? 0 : RVXE_OF | RVXE_NX), found, flags);
    return rvxe_with_sign(0, kind == RVXE_OPEN_ZERO ? mode == RVXE_RDN : kind == RVXE_NEG_ZERO, f,
        found, found, flags);
}
RVXE_FUNCTION uint64_t rvxe_encode_float(
    const rvxe_real *a, int64_t mode, const rvxe_float f, uint32_t *flags)
{
    const int32_t precision = f.fraction + 1, least = f.emin - f.fraction;
    const int32_t length = rvxe_bit_length(a);
    int32_t lsb = length + a->exponent - precision;
    uint32_t raised = a->flags;
    uint64_t code;
    int inexact;
    if (!a->count || a->kinds >= RVXE_POS_INF)
        return rvxe_encode_float_special(a, mode, f, flags);
    if (lsb < least)
        lsb = least;
    code = rvxe_round(a, lsb - a->exponent, mode, &inexact);
    /* Far above, the largest code has long been passed. */
    if (lsb - least <= (int32_t)(f.max_code >> f.fraction) + 1)
        code += (uint64_t)(lsb - least) << f.fraction;
    else
        code = f.max_code + 1;
    if (code > f.max_code) {
        code = f.max_code
            + (f.overflow != RVXE_TO_LARGEST && rvxe_overflows_away(mode, a->negative));
        raised |= RVXE_OF | RVXE_NX;
    } else if (inexact) {
        const uint64_t smallest = (uint64_t)1 << f.fraction;
        int tiny = code < smallest; /* after rounding (7.5 a) */
        if (code == smallest) {
            const int32_t shift = length - precision;
            const uint64_t rounded = rvxe_round(a, shift, mode, &inexact);
            tiny = rvxe_length(rounded) + shift + a->exponent <= f.emin;
        }
        raised |= tiny ? RVXE_UF | RVXE_NX : RVXE_NX;
    }
    return rvxe_with_sign(code, a->negative != 0, f, raised, a->flags, flags);
}
/* The ten classes of fclass (unprivileged manual 20.9). */
RVXE_FUNCTION uint64_t rvxe_classify(const rvxe_real *a, int32_t emin)
{
    const int subnormal = rvxe_bit_length(a) - 1 + a->exponent < emin;
    if (a->kinds == RVXE_NAN)
        return a->flags & RVXE_NV ? 1 << 8 : 1 << 9;
    if (a->kinds & RVXE_INFINITE)
        return a->kinds == RVXE_NEG_INF ? 1 << 0 : 1 << 7;
    if (!a->count)
        return a->kinds == RVXE_NEG_ZERO ? 1 << 3 : 1 << 4;
    if (a->negative)
        return subnormal ? 1 << 2 : 1 << 1;
    return subnormal ? 1 << 5 : 1 << 6;
}

/* Posits ------------------------------------------------------------------------------------- */

typedef struct {
    int bits, es, longest; /* the longest run of equal regime bits */
} rvxe_posit;

RVXE_FUNCTION void rvxe_decode_posit(rvxe_real *a, uint64_t code, const rvxe_posit p)
{
    const uint64_t nar = (uint64_t)1 << (p.bits - 1);
    const int negative = code > nar, bits = p.bits - 1;
    const uint64_t magnitude = negative ? (0 - code) & rvxe_mask(p.bits) : code;
    int ones, run, rest, fraction, regime;
    int32_t power;
    uint64_t tail;
    if (code == nar || !code) {
        rvxe_special(a, code ? RVXE_NAN : RVXE_POS_ZERO, 0);
        return;
    }
    ones = (int)(magnitude >> (bits - 1) & 1);
    run = bits - rvxe_length((ones ? ~magnitude : magnitude) & (nar - 1));
    run = run < p.longest ? run : p.longest;
    rest = bits - run - (run < p.longest);
    tail = magnitude & rvxe_mask(rest);
    fraction = rest > p.es ? rest - p.es : 0;
    power = (int32_t)(tail >> fraction) << (p.es - rest + fraction);
    regime = ones ? run - 1 : -run;
    rvxe_dyadic(a, negative, (tail & rvxe_mask(fraction)) | (uint64_t)1 << fraction,
        regime * (1 << p.es) + power - fraction);
}
RVXE_FUNCTION uint64_t rvxe_nearest_posit(const rvxe_real *a, const rvxe_posit p)
{
    const int32_t fraction = rvxe_bit_length(a) - 1, power = a->exponent + fraction;
    const int32_t regime = (power - (power & ((1 << p.es) - 1))) / (1 << p.es);
    const uint64_t max_code = ((uint64_t)1 << (p.bits - 1)) - 1;
    const uint64_t low = (uint64_t)(power & ((1 << p.es) - 1));
    uint64_t code;
    int32_t run, rest;
    int half, sticky;
    if (regime >= p.longest)
        return max_code;
    if (regime < -p.longest)
        return 1;
    run = regime >= 0 ? regime + 1 : -regime;
    code = regime >= 0 ? rvxe_mask(run) << (run < p.longest) : (uint64_t)(run < p.longest);
    rest = p.bits - 1 - run - (run < p.longest);
    if (rest < p.es) { /* the cut goes through the exponent */
        const int cut = p.es - rest;
        code = code << rest | low >> cut;
        half = (int)(low >> (cut - 1) & 1);
        sticky = (low & rvxe_mask(cut - 1)) || rvxe_any_below(a, fraction);
    } else {
        const int32_t kept = rest - p.es;
        code = (code << p.es | low) << kept;
        if (fraction <= kept) {
            code |= (rvxe_bits_from(a, 0) & rvxe_mask(fraction)) << (kept - fraction);
            half = sticky = 0;
        } else {
            const int32_t cut = fraction - kept;
            code |= rvxe_bits_from(a, cut) & rvxe_mask(kept);
            half = (int)(rvxe_bits_from(a, cut - 1) & 1);
            sticky = rvxe_any_below(a, cut - 1);
        }
    }
    code += half && (sticky || (code & 1));
    return code > max_code ? max_code : code ? code : 1;
}
RVXE_FUNCTION uint64_t rvxe_encode_posit(const rvxe_real *a, const rvxe_posit p)
{
    uint64_t code;
    if (a->kinds >= RVXE_POS_INF)
        return (uint64_t)1 << (p.bits - 1);
    if (!a->count)
        return 0;
    code = rvxe_nearest_posit(a, p);
    return a->negative ? (0 - code) & rvxe_mask(p.bits) : code;
}

/* Fixed point and integers of at most 64 bits ------------------------------------------------- */

enum { RVXE_WRAP, RVXE_SATURATE };

typedef struct {
    int bits, fraction, is_signed, overflow, raises_flags;
    uint64_t nan; /* what a NaN becomes */
} rvxe_fixed;

RVXE_FUNCTION void rvxe_decode_fixed(rvxe_real *a, uint64_t code, const rvxe_fixed f)
{
    const int negative = f.is_signed && (code >> (f.bits - 1) & 1);
    rvxe_dyadic(a, negative, negative ? (0 - code) & rvxe_mask(f.bits) : code, -f.fraction);
}
RVXE_FUNCTION uint64_t rvxe_encode_fixed(
    const rvxe_real *a, int64_t mode, const rvxe_fixed f, uint32_t *flags)
{
    const uint64_t high = rvxe_mask(f.bits - f.is_signed);
    const uint64_t most = a->negative ? (f.is_signed ? high + 1 : 0) : high;
    uint32_t raised = a->flags;
    uint64_t units = 0;
    if (a->kinds >= RVXE_POS_INF) {
        const uint32_t kind = rvxe_resolved(a, &raised);
        raised |= RVXE_NV;
        units = kind == RVXE_NAN || f.overflow == RVXE_WRAP ? f.nan
            : kind == RVXE_POS_INF ? high
            : f.is_signed ? high + 1 : 0;
    } else if (a->count) {
        const int32_t shift = -f.fraction - a->exponent;
        int inexact;
        units = rvxe_round(a, shift, mode, &inexact);
        /* Beyond 64 bits, where rvxe_round gives the low ones; a carry into bit 64 included. */
        if (rvxe_bit_length(a) - shift > 64 || units > most
            || (!units && inexact && rvxe_bit_length(a) - shift == 64)) {
            raised |= RVXE_NV;
            if (f.overflow == RVXE_SATURATE)
                units = most;
        } else if (inexact)
            raised |= RVXE_NX;
        if (a->negative)
            units = 0 - units;
    }
    *flags |= f.raises_flags ? raised : 0;
    return units & rvxe_mask(f.bits);
}

/* Quires ------------------------------------------------------------------------------------- */

RVXE_FUNCTION void rvxe_decode_quire(rvxe_real *a, const uint32_t *code, int32_t bits, int32_t lsb)
{
    rvxe_from_limbs(a, code, bits, 1, lsb);
    /* One and then zeros is NaR. */
    if (a->negative && rvxe_bit_length(a) == bits && !rvxe_any_below(a, bits - 1))
        rvxe_special(a, RVXE_NAN, 0);
}
/* What a sum beyond the width becomes. */
enum { RVXE_QUIRE_NAR, RVXE_QUIRE_WRAP, RVXE_QUIRE_SATURATE };

/* The word of a sign and equal bits below it, and the last one. */
RVXE_FUNCTION void rvxe_fill_quire(uint32_t *code, int32_t bits, int sign, int rest, int last)
{
    int32_t i;
    for (i = 0; i < (bits + 31) / 32; i++)
        code[i] = rest ? 0xffffffffu : 0;
    if (bits % 32)
        code[(bits - 1) / 32] &= (uint32_t)rvxe_mask(bits % 32);
    rvxe_put(code, 0, 1, (uint64_t)last);
    rvxe_put(code, bits - 1, 1, (uint64_t)sign);
}
/* Bits below the unit are dropped, toward minus infinity. */
RVXE_FUNCTION void rvxe_encode_quire(
    uint32_t *code, const rvxe_real *a, int32_t bits, int32_t lsb, int overflow)
{
    rvxe_real held;
    const int special = a->kinds >= RVXE_POS_INF;
    if (!special)
        rvxe_to_limbs(code, bits, a, lsb);
    if (special)
        rvxe_fill_quire(code, bits, 1, 0, 0);
    else if (overflow != RVXE_QUIRE_WRAP) {
        rvxe_decode_quire(&held, code, bits, lsb);
        if (rvxe_bit_length(a) + a->exponent - lsb < bits && held.kinds != RVXE_NAN)
            return; /* -(2^(bits - 1)) is beyond the width too */
        if (overflow == RVXE_QUIRE_SATURATE)
            rvxe_fill_quire(code, bits, a->negative != 0, !a->negative, 1);
        else
            rvxe_fill_quire(code, bits, 1, 0, 0);
    }
}
