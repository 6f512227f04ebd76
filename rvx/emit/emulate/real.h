/* Exact numbers: (-1)^negative * limbs * 2^exponent, with the kinds of the monomials it is a sum of
 * and pending flags. Nothing here rounds but quotients and roots, which are rounded to odd. */
#define RVXE_POS_ZERO 1u
#define RVXE_NEG_ZERO 2u
#define RVXE_POSITIVE 4u
#define RVXE_NEGATIVE 8u
#define RVXE_POS_INF 16u
#define RVXE_NEG_INF 32u
#define RVXE_NAN 64u
#define RVXE_ZERO_NAN 128u /* beside RVXE_NAN: times infinity it is invalid */
#define RVXE_INF_NAN 256u
#define RVXE_OPEN_ZERO 3u /* an exact zero whose sign the rounding mode chooses */
#define RVXE_INFINITE 48u
/* The flags of fcsr. */
#define RVXE_NX 1u
#define RVXE_UF 2u
#define RVXE_OF 4u
#define RVXE_DZ 8u
#define RVXE_NV 16u

typedef struct {
    int32_t exponent;
    uint32_t kinds, flags, negative;
    int32_t count; /* limbs in use, least significant first; the last is not zero */
    uint32_t limb[RVXE_LIMBS];
} rvxe_real;

/* More limbs than the description can lead to: never, but better a stop than a wrong number. */
RVXE_FUNCTION int32_t rvxe_room(int32_t limbs)
{
    if (limbs > RVXE_LIMBS)
        __builtin_trap();
    return limbs;
}
RVXE_FUNCTION int32_t rvxe_length(uint64_t word)
{
    return word ? 64 - __builtin_clzll((unsigned long long)word) : 0;
}
RVXE_FUNCTION uint64_t rvxe_mask(int32_t bits)
{
    return bits >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << bits) - 1;
}
RVXE_FUNCTION void rvxe_trim(rvxe_real *a)
{
    while (a->count > 0 && a->limb[a->count - 1] == 0)
        a->count--;
}
RVXE_FUNCTION void rvxe_set_magnitude(rvxe_real *a, uint64_t magnitude)
{
    a->limb[0] = (uint32_t)magnitude;
    a->limb[1] = (uint32_t)(magnitude >> 32);
    a->count = a->limb[1] ? 2 : a->limb[0] ? 1 : 0;
}
/* Bits [shift + 63 : shift] of the magnitude. */
RVXE_FUNCTION uint64_t rvxe_bits_from(const rvxe_real *a, int32_t shift)
{
    const int32_t at = shift / 32, by = shift % 32;
    uint64_t found = 0;
    if (at < a->count)
        found = (uint64_t)a->limb[at] >> by;
    if (at + 1 < a->count)
        found |= (uint64_t)a->limb[at + 1] << (32 - by);
    if (by && at + 2 < a->count)
        found |= (uint64_t)a->limb[at + 2] << (64 - by);
    return found;
}
RVXE_FUNCTION int rvxe_any_below(const rvxe_real *a, int32_t shift)
{
    int32_t i;
    for (i = 0; i < a->count && i < shift / 32; i++)
        if (a->limb[i])
            return 1;
    return i < a->count && i == shift / 32 && (a->limb[i] & (uint32_t)rvxe_mask(shift % 32)) != 0;
}
RVXE_FUNCTION int32_t rvxe_bit_length(const rvxe_real *a)
{
    return a->count ? 32 * (a->count - 1) + rvxe_length(a->limb[a->count - 1]) : 0;
}
RVXE_FUNCTION void rvxe_copy_magnitude(rvxe_real *to, const rvxe_real *from)
{
    int32_t i;
    to->exponent = from->exponent;
    to->negative = from->negative;
    to->count = from->count;
    for (i = 0; i < from->count; i++)
        to->limb[i] = from->limb[i];
}
RVXE_FUNCTION void rvxe_copy(rvxe_real *to, const rvxe_real *from)
{
    rvxe_copy_magnitude(to, from);
    to->kinds = from->kinds;
    to->flags = from->flags;
}

/* Making numbers ---------------------------------------------------------------------------- */

RVXE_FUNCTION void rvxe_special(rvxe_real *a, uint32_t kinds, uint32_t flags)
{
    a->exponent = 0;
    a->negative = 0;
    a->count = 0;
    a->kinds = kinds;
    a->flags = flags;
}
RVXE_FUNCTION void rvxe_dyadic(rvxe_real *a, int negative, uint64_t magnitude, int32_t exponent)
{
    rvxe_set_magnitude(a, magnitude);
    a->exponent = exponent;
    a->negative = magnitude && negative;
    a->kinds = !magnitude ? RVXE_POS_ZERO : negative ? RVXE_NEGATIVE : RVXE_POSITIVE;
    a->flags = 0;
}
RVXE_FUNCTION void rvxe_from_int(rvxe_real *a, int64_t value)
{
    rvxe_dyadic(a, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0);
}
/* An integral number is never a special value, and a zero is positive. */
RVXE_FUNCTION void rvxe_integral(rvxe_real *a)
{
    a->kinds = !a->count ? RVXE_POS_ZERO : a->negative ? RVXE_NEGATIVE : RVXE_POSITIVE;
    a->flags = 0;
}
/* Bits [low + 63 : low] of an integer in two's complement. */
RVXE_FUNCTION uint64_t rvxe_integer_bits(const rvxe_real *a, int32_t low)
{
    const int32_t shift = low - a->exponent;
    uint64_t found;
    if (shift <= -64)
        return 0;
    if (shift < 0) {
        found = rvxe_bits_from(a, 0) << -shift;
        return a->negative ? 0 - found : found;
    }
    found = rvxe_bits_from(a, shift);
    return !a->negative ? found : rvxe_any_below(a, shift) ? ~found : 0 - found;
}
RVXE_FUNCTION int64_t rvxe_to_int(const rvxe_real *a)
{
    return (int64_t)rvxe_integer_bits(a, 0);
}

/* Codes wider than 64 bits: limbs, least significant first. */
RVXE_FUNCTION void rvxe_from_limbs(
    rvxe_real *a, const uint32_t *code, int32_t bits, int is_signed, int32_t exponent)
{
    const int32_t count = rvxe_room((bits + 31) / 32);
    const uint32_t top = bits % 32 ? (uint32_t)rvxe_mask(bits % 32) : 0xffffffffu;
    uint64_t carry = 1;
    int32_t i;
    a->negative = is_signed && (code[(bits - 1) / 32] >> (bits - 1) % 32 & 1);
    for (i = 0; i < count; i++) {
        const uint64_t sum = (a->negative ? (uint32_t)~code[i] : code[i]) + (a->negative ? carry : 0);
        a->limb[i] = (uint32_t)sum;
        carry = sum >> 32;
    }
    a->limb[count - 1] &= top;
    a->count = count;
    a->exponent = exponent;
    rvxe_trim(a);
    rvxe_integral(a);
}
/* value * 2^-exponent modulo 2^bits; the caller knows that it is an integer. */
RVXE_FUNCTION void rvxe_to_limbs(uint32_t *code, int32_t bits, const rvxe_real *a, int32_t exponent)
{
    const int32_t count = (bits + 31) / 32;
    int32_t i;
    for (i = 0; i < count; i++)
        code[i] = (uint32_t)rvxe_integer_bits(a, exponent + 32 * i);
    if (bits % 32)
        code[count - 1] &= (uint32_t)rvxe_mask(bits % 32);
}
/* Bits [low + bits - 1 : low], at most 64 of them, of a word of limbs. */
RVXE_FUNCTION uint64_t rvxe_slice(const uint32_t *word, int32_t low, int32_t bits)
{
    uint64_t found = 0;
    int32_t i;
    for (i = 0; i < bits; i++)
        found |= (uint64_t)(word[(low + i) / 32] >> (low + i) % 32 & 1) << i;
    return found;
}
RVXE_FUNCTION void rvxe_put(uint32_t *word, int32_t low, int32_t bits, uint64_t value)
{
    int32_t i;
    for (i = 0; i < bits; i++) {
        const uint32_t one = (uint32_t)1 << (low + i) % 32;
        uint32_t *const limb = &word[(low + i) / 32];
        *limb = value >> i & 1 ? *limb | one : *limb & ~one;
    }
}
RVXE_FUNCTION void rvxe_copy_limbs(uint32_t *to, const uint32_t *from, int32_t bits)
{
    int32_t i;
    for (i = 0; i < (bits + 31) / 32; i++)
        to[i] = from[i];
}

/* What a sum of monomials is ----------------------------------------------------------------- */

/* One kind, or RVXE_OPEN_ZERO, and the flags then (IEEE 754-2019, 6.1 to 6.3 and 7.2 d). */
RVXE_FUNCTION uint32_t rvxe_resolved(const rvxe_real *a, uint32_t *flags)
{
    *flags = a->flags;
    if (a->kinds >= RVXE_NAN)
        return RVXE_NAN;
    if (a->kinds >= RVXE_POS_INF) {
        if ((a->kinds & RVXE_INFINITE) != RVXE_INFINITE)
            return a->kinds & RVXE_INFINITE;
        *flags |= RVXE_NV;
        return RVXE_NAN;
    }
    if (a->count)
        return a->negative ? RVXE_NEGATIVE : RVXE_POSITIVE;
    return a->kinds == RVXE_POS_ZERO || a->kinds == RVXE_NEG_ZERO ? a->kinds : RVXE_OPEN_ZERO;
}
RVXE_FUNCTION void rvxe_resolve(rvxe_real *to, const rvxe_real *a)
{
    uint32_t flags;
    const uint32_t kinds = rvxe_resolved(a, &flags);
    if (kinds >= RVXE_POS_INF)
        rvxe_special(to, kinds, flags);
    else {
        rvxe_copy_magnitude(to, a);
        to->kinds = kinds;
        to->flags = flags;
    }
}
RVXE_FUNCTION uint32_t rvxe_is_negative(uint32_t kind)
{
    return kind == RVXE_NEG_ZERO || kind == RVXE_NEGATIVE || kind == RVXE_NEG_INF;
}

/* Sums and products -------------------------------------------------------------------------- */

RVXE_FUNCTION void rvxe_negate(rvxe_real *to, const rvxe_real *a)
{
    const uint32_t positives = RVXE_POS_ZERO | RVXE_POSITIVE | RVXE_POS_INF;
    rvxe_copy(to, a);
    to->negative = a->count && !a->negative;
    to->kinds = (a->kinds & positives) << 1 | (a->kinds & positives << 1) >> 1
        | (a->kinds & ~(RVXE_NAN - 1));
}
/* to->limb = a's magnitude * 2^shift */
RVXE_FUNCTION void rvxe_shift_left(rvxe_real *to, const rvxe_real *a, int32_t shift)
{
    const int32_t at = shift / 32, by = shift % 32;
    uint64_t carry = 0;
    int32_t i;
    rvxe_room(a->count + at + 1);
    for (i = 0; i < at; i++)
        to->limb[i] = 0;
    for (i = 0; i < a->count; i++) {
        carry |= (uint64_t)a->limb[i] << by;
        to->limb[at + i] = (uint32_t)carry;
        carry >>= 32;
    }
    to->limb[at + a->count] = (uint32_t)carry;
    to->count = at + a->count + 1;
    rvxe_trim(to);
}
RVXE_FUNCTION int rvxe_compare_limbs(const rvxe_real *a, const rvxe_real *b)
{
    int32_t i;
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (i = a->count - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}
RVXE_FUNCTION void rvxe_add_limbs(rvxe_real *to, const rvxe_real *a)
{
    uint64_t carry = 0;
    int32_t i;
    for (i = 0; i < to->count || i < a->count || carry; i++) {
        carry += (i < to->count ? (uint64_t)to->limb[i] : 0) + (i < a->count ? a->limb[i] : 0);
        to->limb[rvxe_room(i + 1) - 1] = (uint32_t)carry;
        carry >>= 32;
    }
    to->count = i;
}
/* to = large - small, where to is one of them and large the larger magnitude. */
RVXE_FUNCTION void rvxe_subtract_limbs(
    rvxe_real *to, const rvxe_real *large, const rvxe_real *small)
{
    uint64_t borrow = 0;
    int32_t i;
    for (i = 0; i < large->count; i++) {
        const uint64_t difference =
            (uint64_t)large->limb[i] - (i < small->count ? small->limb[i] : 0) - borrow;
        to->limb[i] = (uint32_t)difference;
        borrow = difference >> 63;
    }
    to->count = large->count;
    rvxe_trim(to);
}
RVXE_FUNCTION void rvxe_add_far(rvxe_real *to, const rvxe_real *high, const rvxe_real *low)
{
    int order;
    rvxe_shift_left(to, high, high->exponent - low->exponent);
    to->exponent = low->exponent;
    to->negative = high->negative;
    if (high->negative == low->negative) {
        rvxe_add_limbs(to, low);
        return;
    }
    order = rvxe_compare_limbs(to, low);
    if (order >= 0)
        rvxe_subtract_limbs(to, to, low);
    else {
        rvxe_subtract_limbs(to, low, to);
        to->negative = low->negative;
    }
    if (!order)
        to->negative = 0;
}
RVXE_FUNCTION void rvxe_add(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    const rvxe_real *const high = a->exponent > b->exponent ? a : b, *const low = high == a ? b : a;
    if (!a->count || !b->count)
        rvxe_copy_magnitude(to, a->count ? a : b);
    else if (high->count <= 2 && low->count <= 2) {
        const uint64_t one = rvxe_bits_from(high, 0), other = rvxe_bits_from(low, 0);
        const int32_t shift = high->exponent - low->exponent;
        if (rvxe_length(one) + shift < 63 && other >> 62 == 0) {
            const int64_t first = (int64_t)(one << shift), second = (int64_t)other;
            const int64_t sum = (high->negative ? -first : first) + (low->negative ? -second : second);
            to->exponent = low->exponent;
            to->negative = sum < 0;
            rvxe_set_magnitude(to, (uint64_t)(sum < 0 ? -sum : sum));
        } else
            rvxe_add_far(to, high, low);
    } else
        rvxe_add_far(to, high, low);
    to->kinds = a->kinds | b->kinds;
    to->flags = a->flags | b->flags;
}
RVXE_FUNCTION void rvxe_subtract(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    rvxe_real negated;
    rvxe_negate(&negated, b);
    rvxe_add(to, a, &negated);
}
/* Every kind of a times every kind of b, and NV where zero meets infinity (7.2 b). */
RVXE_FUNCTION uint32_t rvxe_product_kinds(uint32_t a, uint32_t b, uint32_t *flags)
{
    uint32_t found = 0, x, y;
    for (x = 1; x <= a; x <<= 1)
        for (y = 1; y <= b; y <<= 1) {
            const uint32_t both = x | y;
            const int zero = (both & (RVXE_OPEN_ZERO | RVXE_ZERO_NAN)) != 0;
            const int infinite = (both & (RVXE_INFINITE | RVXE_INF_NAN)) != 0;
            if (!(a & x) || !(b & y))
                continue;
            if (zero && infinite)
                *flags |= RVXE_NV;
            if (both >= RVXE_NAN || (zero && infinite))
                found |= RVXE_NAN | (zero ? RVXE_ZERO_NAN : 0u) | (infinite ? RVXE_INF_NAN : 0u);
            else
                found |= (infinite ? RVXE_POS_INF : zero ? RVXE_POS_ZERO : RVXE_POSITIVE)
                    << (rvxe_is_negative(x) != rvxe_is_negative(y));
        }
    return found;
}
RVXE_FUNCTION void rvxe_multiply(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    int32_t i, j;
    to->exponent = a->exponent + b->exponent;
    to->negative = a->count && b->count && a->negative != b->negative;
    to->flags = a->flags | b->flags;
    if (a->count <= 1 && b->count <= 1)
        rvxe_set_magnitude(to, a->count && b->count ? (uint64_t)a->limb[0] * b->limb[0] : 0);
    else {
        to->count = a->count && b->count ? rvxe_room(a->count + b->count) : 0;
        for (i = 0; i < to->count; i++)
            to->limb[i] = 0;
        for (i = 0; i < a->count; i++) {
            uint64_t carry = 0;
            for (j = 0; j < b->count; j++) {
                carry += (uint64_t)a->limb[i] * b->limb[j] + to->limb[i + j];
                to->limb[i + j] = (uint32_t)carry;
                carry >>= 32;
            }
            if (b->count)
                to->limb[i + j] = (uint32_t)carry;
        }
        rvxe_trim(to);
    }
    if ((a->kinds == RVXE_POSITIVE || a->kinds == RVXE_NEGATIVE)
        && (b->kinds == RVXE_POSITIVE || b->kinds == RVXE_NEGATIVE))
        to->kinds = a->kinds == b->kinds ? RVXE_POSITIVE : RVXE_NEGATIVE;
    else
        to->kinds = rvxe_product_kinds(a->kinds, b->kinds, &to->flags);
}

/* Order -------------------------------------------------------------------------------------- */

/* Bits [63 : 0] of the magnitude as if its highest bit were 2^0, from 2^-skip down. */
RVXE_FUNCTION uint32_t rvxe_digits(const rvxe_real *a, int32_t skip)
{
    const int32_t low = rvxe_bit_length(a) - skip - 32;
    if (low >= 0)
        return (uint32_t)rvxe_bits_from(a, low);
    return low > -32 ? (uint32_t)(rvxe_bits_from(a, 0) << -low) : 0;
}
RVXE_FUNCTION int rvxe_compare_magnitudes(const rvxe_real *a, const rvxe_real *b)
{
    const int32_t one = rvxe_bit_length(a) + a->exponent, other = rvxe_bit_length(b) + b->exponent;
    int32_t skip;
    if (!a->count || !b->count)
        return (a->count != 0) - (b->count != 0);
    if (one != other)
        return one < other ? -1 : 1;
    for (skip = 0; skip < 32 * a->count || skip < 32 * b->count; skip += 32) {
        const uint32_t x = rvxe_digits(a, skip), y = rvxe_digits(b, skip);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}
/* -1, 0 or 1; 2 where one is a NaN. The flags are those of both, resolved. */
RVXE_FUNCTION int rvxe_compare(const rvxe_real *a, const rvxe_real *b, uint32_t *flags)
{
    uint32_t one_flags, other_flags;
    const uint32_t one = rvxe_resolved(a, &one_flags), other = rvxe_resolved(b, &other_flags);
    int order;
    *flags |= one_flags | other_flags;
    if ((one | other) & RVXE_NAN)
        return 2;
    if ((one | other) & RVXE_INFINITE) {
        order = (one == RVXE_POS_INF) - (one == RVXE_NEG_INF) - (other == RVXE_POS_INF)
            + (other == RVXE_NEG_INF);
        return (order > 0) - (order < 0);
    }
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    order = rvxe_compare_magnitudes(a, b);
    return a->negative ? -order : order;
}
/* minimumNumber of IEEE 754-2019, 9.6: -0 is less than +0, and a NaN gives the other operand. */
RVXE_FUNCTION void rvxe_minimum(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    uint32_t one_flags, other_flags, flags = 0;
    const uint32_t one = rvxe_resolved(a, &one_flags), other = rvxe_resolved(b, &other_flags);
    int order = rvxe_compare(a, b, &flags);
    if (order == 2)
        order = one == RVXE_NAN ? 1 : -1;
    else if (!order)
        order = (one == RVXE_POS_ZERO) - (one == RVXE_NEG_ZERO) - (other == RVXE_POS_ZERO)
            + (other == RVXE_NEG_ZERO);
    rvxe_resolve(to, order <= 0 ? a : b);
    to->flags = one_flags | other_flags;
}
RVXE_FUNCTION void rvxe_maximum(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    rvxe_real one, other, least;
    rvxe_negate(&one, a);
    rvxe_negate(&other, b);
    rvxe_minimum(&least, &one, &other);
    rvxe_negate(to, &least);
}
