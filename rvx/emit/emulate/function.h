/* Functions of one number, and the quotient. Each closes a sum: its result is one monomial. */

/* quotient = dividend / divisor (two limbs or more), and whether anything is left: Knuth, TAOCP 2,
 * 4.3.1, algorithm D. Destroys the dividend, which has a limb to spare. */
RVXE_FUNCTION int rvxe_divide_long(rvxe_real *quotient, rvxe_real *dividend, const rvxe_real *by)
{
    const int32_t n = by->count, m = dividend->count - n;
    int32_t i, j;
    quotient->count = m + 1;
    rvxe_room(dividend->count + 1);
    dividend->limb[dividend->count] = 0;
    for (j = m; j >= 0; j--) {
        uint32_t *const at = &dividend->limb[j];
        const uint64_t top = (uint64_t)at[n] << 32 | at[n - 1];
        uint64_t digit = top / by->limb[n - 1], rest = top % by->limb[n - 1];
        uint64_t borrow = 0, carry = 0;
        while (digit >> 32 || digit * by->limb[n - 2] > (rest << 32 | at[n - 2])) {
            digit--;
            rest += by->limb[n - 1];
            if (rest >> 32)
                break;
        }
        for (i = 0; i <= n; i++) {
            uint64_t difference;
            carry += i < n ? digit * by->limb[i] : 0;
            difference = (uint64_t)at[i] - (uint32_t)carry - borrow;
            at[i] = (uint32_t)difference;
            borrow = difference >> 63;
            carry >>= 32;
        }
        if (borrow) { /* one too many */
            digit--;
            carry = 0;
            for (i = 0; i <= n; i++) {
                carry += (uint64_t)at[i] + (i < n ? by->limb[i] : 0);
                at[i] = (uint32_t)carry;
                carry >>= 32;
            }
        }
        quotient->limb[j] = (uint32_t)digit;
    }
    rvxe_trim(quotient);
    return rvxe_any_below(dividend, 32 * n);
}
RVXE_FUNCTION int rvxe_divide_limbs(rvxe_real *quotient, rvxe_real *dividend, const rvxe_real *by)
{
    uint64_t rest = 0;
    int32_t i;
    if (dividend->count < by->count) {
        quotient->count = 0;
        return dividend->count != 0;
    }
    if (by->count > 1)
        return rvxe_divide_long(quotient, dividend, by);
    for (i = dividend->count - 1; i >= 0; i--) {
        rest = rest << 32 | dividend->limb[i];
        quotient->limb[i] = (uint32_t)(rest / by->limb[0]);
        rest %= by->limb[0];
    }
    quotient->count = dividend->count;
    rvxe_trim(quotient);
    return rest != 0;
}
/* Exact, or rounded to odd at RVXE_QUOTIENT_BITS; NV and DZ as in IEEE 754-2019, 7.2 and 7.3. */
RVXE_FUNCTION void rvxe_quotient(rvxe_real *to, const rvxe_real *a, const rvxe_real *b)
{
    uint32_t flags, more;
    const uint32_t one = rvxe_resolved(a, &flags), other = rvxe_resolved(b, &more);
    const uint32_t negative = rvxe_is_negative(one) ^ rvxe_is_negative(other);
    flags |= more;
    if ((one | other) & RVXE_NAN)
        rvxe_special(to, RVXE_NAN, flags);
    else if ((one & RVXE_INFINITE && other & RVXE_INFINITE)
        || (one & RVXE_OPEN_ZERO && other & RVXE_OPEN_ZERO))
        rvxe_special(to, RVXE_NAN, flags | RVXE_NV);
    else if (one & RVXE_INFINITE)
        rvxe_special(to, negative ? RVXE_NEG_INF : RVXE_POS_INF, flags);
    else if (other & RVXE_OPEN_ZERO)
        rvxe_special(to, negative ? RVXE_NEG_INF : RVXE_POS_INF, flags | RVXE_DZ);
    else if (one & RVXE_OPEN_ZERO || other & RVXE_INFINITE)
        rvxe_special(to, one == RVXE_OPEN_ZERO ? one : negative ? RVXE_NEG_ZERO : RVXE_POS_ZERO,
            flags);
    else {
        /* Both shifted so that the divisor's highest bit is the highest of its limb. */
        const int32_t align = (32 - rvxe_bit_length(b) % 32) % 32;
        const int32_t want = RVXE_QUOTIENT_BITS - rvxe_bit_length(a) + rvxe_bit_length(b);
        const int32_t shift = want > 0 ? want : 0;
        rvxe_real dividend, divisor;
        rvxe_shift_left(&dividend, a, shift + align);
        rvxe_shift_left(&divisor, b, align);
        if (rvxe_divide_limbs(to, &dividend, &divisor)) {
            to->limb[0] = to->count ? to->limb[0] | 1 : 1;
            to->count = to->count ? to->count : 1;
        }
        to->exponent = a->exponent - b->exponent - shift;
        to->negative = negative;
        to->kinds = negative ? RVXE_NEGATIVE : RVXE_POSITIVE;
        to->flags = flags;
    }
}
/* The square root of an integer, a bit at a time, and whether anything is left. */
RVXE_FUNCTION int rvxe_root_limbs(rvxe_real *root, const rvxe_real *square)
{
    rvxe_real rest, twice;
    int32_t i, j;
    rest.count = root->count = 0;
    for (i = (rvxe_bit_length(square) + 1) / 2 - 1; i >= 0; i--) {
        const uint32_t pair = (uint32_t)rvxe_bits_from(square, 2 * i) & 3;
        uint32_t carry = pair;
        for (j = 0; j < rest.count; j++) { /* rest = rest * 4 + pair */
            const uint32_t limb = rest.limb[j];
            rest.limb[j] = limb << 2 | carry;
            carry = limb >> 30;
        }
        if (carry) {
            rest.limb[rvxe_room(rest.count + 1) - 1] = carry;
            rest.count++;
        }
        rvxe_shift_left(&twice, root, 2);
        twice.limb[0] = (twice.count ? twice.limb[0] : 0) | 1;
        twice.count = twice.count ? twice.count : 1;
        carry = rvxe_compare_limbs(&rest, &twice) >= 0;
        if (carry)
            rvxe_subtract_limbs(&rest, &rest, &twice);
        for (j = 0; j < root->count; j++) { /* root = root * 2 + bit */
            const uint32_t limb = root->limb[j];
            root->limb[j] = limb << 1 | carry;
            carry = limb >> 31;
        }
        if (carry) {
            root->limb[root->count] = carry;
            root->count++;
        }
    }
    return rest.count != 0;
}
/* Exact, or rounded to odd; IEEE 754-2019, 5.4.1 and 7.2 g). */
RVXE_FUNCTION void rvxe_sqrt(rvxe_real *to, const rvxe_real *a)
{
    uint32_t flags;
    const uint32_t kind = rvxe_resolved(a, &flags);
    if (kind == RVXE_NEGATIVE || kind == RVXE_NEG_INF)
        rvxe_special(to, RVXE_NAN, flags | RVXE_NV);
    else if (kind != RVXE_POSITIVE)
        rvxe_resolve(to, a);
    else {
        int32_t shift = 2 * RVXE_QUOTIENT_BITS - rvxe_bit_length(a);
        rvxe_real square;
        shift = shift > 0 ? shift : 0;
        shift += (a->exponent - shift) & 1;
        rvxe_shift_left(&square, a, shift);
        if (rvxe_root_limbs(to, &square))
            to->limb[0] |= 1;
        to->exponent = (a->exponent - shift) / 2;
        to->negative = 0;
        to->kinds = RVXE_POSITIVE;
        to->flags = flags;
    }
}
RVXE_FUNCTION void rvxe_abs(rvxe_real *to, const rvxe_real *a)
{
    rvxe_resolve(to, a);
    if (to->kinds == RVXE_OPEN_ZERO)
        to->kinds = RVXE_POS_ZERO;
    else if (rvxe_is_negative(to->kinds)) {
        to->kinds >>= 1;
        to->negative = 0;
    }
}
/* -1, 0 or 1; a NaN stays one. */
RVXE_FUNCTION void rvxe_sign(rvxe_real *to, const rvxe_real *a)
{
    uint32_t flags;
    const uint32_t kind = rvxe_resolved(a, &flags);
    if (kind == RVXE_NAN || kind <= RVXE_OPEN_ZERO)
        rvxe_resolve(to, a);
    else
        rvxe_from_int(to, rvxe_is_negative(kind) ? -1 : 1);
    to->flags = flags;
}
RVXE_FUNCTION int32_t rvxe_exponent_of(const rvxe_real *a)
{
    return a->count && a->kinds < RVXE_POS_INF ? rvxe_bit_length(a) - 1 + a->exponent
                                               : -RVXE_MOST_EXPONENT;
}
/* The floor of log2 |a|. */
RVXE_FUNCTION void rvxe_exponent(rvxe_real *to, const rvxe_real *a)
{
    rvxe_from_int(to, rvxe_exponent_of(a));
    to->flags = a->flags;
}
/* Mitchell's logarithm of a positive number 2^e * (1 + f): e + f; of zero minus infinity. */
RVXE_FUNCTION void rvxe_log(rvxe_real *to, const rvxe_real *a)
{
    rvxe_real value, one, fraction, whole;
    rvxe_resolve(&value, a);
    if (value.kinds == RVXE_NAN || value.kinds == RVXE_POS_INF)
        rvxe_copy(to, &value);
    else if (value.kinds == RVXE_NEG_INF || !value.count)
        rvxe_special(to, RVXE_NEG_INF, 0);
    else if (value.negative)
        rvxe_special(to, RVXE_NAN, 0);
    else {
        rvxe_from_int(&whole, rvxe_exponent_of(&value));
        value.exponent -= rvxe_exponent_of(&value);
        rvxe_from_int(&one, 1);
        rvxe_subtract(&fraction, &value, &one);
        rvxe_add(to, &whole, &fraction);
    }
}
/* The integer at or below a number of less than 2^20. */
RVXE_FUNCTION int64_t rvxe_floor(const rvxe_real *a)
{
    return rvxe_to_int(a);
}
/* Its inverse: e + f gives 2^e * (1 + f). */
RVXE_FUNCTION void rvxe_antilog(rvxe_real *to, const rvxe_real *a)
{
    rvxe_real value, one, fraction, whole;
    int64_t e;
    rvxe_resolve(&value, a);
    if (value.kinds == RVXE_NAN || value.kinds == RVXE_POS_INF)
        rvxe_copy(to, &value);
    else if (value.kinds == RVXE_NEG_INF)
        rvxe_special(to, RVXE_POS_ZERO, 0);
    else if (value.count && rvxe_exponent_of(&value) >= 20)
        rvxe_dyadic(to, 0, 1, value.negative ? -RVXE_MOST_EXPONENT : RVXE_MOST_EXPONENT);
    else {
        e = rvxe_floor(&value);
        rvxe_integral(&value);
        rvxe_from_int(&whole, e);
        rvxe_subtract(&fraction, &value, &whole);
        rvxe_from_int(&one, 1);
        rvxe_add(to, &one, &fraction);
        to->exponent += (int32_t)e;
    }
}
/* Without the bits below 2^least, toward zero. */
RVXE_FUNCTION void rvxe_truncate(rvxe_real *to, const rvxe_real *a, const rvxe_real *least)
{
    const int64_t exponent = rvxe_floor(least);
    rvxe_resolve(to, a);
    if (to->count && to->exponent < exponent) {
        const int64_t drop = exponent - to->exponent, length = rvxe_bit_length(to);
        if (drop >= length) {
            rvxe_special(to, to->negative ? RVXE_NEG_ZERO : RVXE_POS_ZERO, to->flags);
        } else {
            int32_t i;
            for (i = 0; i < to->count && 32 * i < drop; i++)
                to->limb[i] &= drop - 32 * i >= 32 ? 0 : ~(uint32_t)rvxe_mask((int32_t)drop - 32 * i);
        }
    }
}
/* An integer * 2^by, rounded down. */
RVXE_FUNCTION void rvxe_shift(rvxe_real *to, const rvxe_real *a, int32_t by)
{
    rvxe_real fraction;
    rvxe_copy(to, a);
    to->exponent += by;
    if (to->count && to->exponent < 0) {
        rvxe_real whole, one;
        const int32_t drop = -to->exponent;
        const int up = to->negative && rvxe_any_below(to, drop);
        rvxe_from_int(&one, 0);
        rvxe_truncate(&whole, to, &one);
        rvxe_from_int(&one, up ? 1 : 0);
        rvxe_subtract(&fraction, &whole, &one);
        rvxe_copy(to, &fraction);
    }
}
