/* Powers of a radix ----------------------------------------------------------------------------- */

typedef struct {
    int bits, step, is_signed, has_zero, raises_flags; /* step: the bits of a digit */
    int32_t least;                                     /* the exponent of the least power */
    uint64_t max_code, limit, nan;                     /* limit: of an overflow; no NaN: zero */
} rvxe_power;

RVXE_FUNCTION void rvxe_decode_power(rvxe_real *a, uint64_t code, const rvxe_power p)
{
    const uint64_t magnitude = code & rvxe_mask(p.bits - p.is_signed);
    const int negative = code != magnitude;
    if (magnitude > p.max_code)
        rvxe_special(a, RVXE_NAN, 0);
    else if (p.has_zero && !magnitude)
        rvxe_special(a, negative ? RVXE_NEG_ZERO : RVXE_POS_ZERO, 0);
    else
        rvxe_dyadic(a, negative, 1, p.least + p.step * ((int32_t)magnitude - p.has_zero));
}
/* The magnitude compared with units * 2^exponent. */
RVXE_FUNCTION int rvxe_against(const rvxe_real *a, uint64_t units, int32_t exponent)
{
    rvxe_real other;
    rvxe_dyadic(&other, 0, units, exponent);
    return rvxe_compare_magnitudes(a, &other);
}
/* Whether a magnitude between base * 2^exponent and (base + gap) * 2^exponent becomes the larger. */
RVXE_FUNCTION int rvxe_power_goes_up(
    const rvxe_real *a, uint64_t base, uint64_t gap, int32_t exponent, int odd, int64_t mode)
{
    if (rvxe_is_drawn(mode)) {
        const int bits = rvxe_drawn_bits(mode);
        const uint64_t least = (rvxe_drawn_number(mode) + 1) * gap + (base << bits);
        return rvxe_against(a, least, exponent - bits) >= 0;
    } else {
        const int order = rvxe_against(a, 2 * base + gap, exponent - 1);
        return rvxe_goes_up(mode, a->negative, odd, order >= 0, order != 0);
    }
}
RVXE_FUNCTION uint64_t rvxe_power_with_sign(
    uint64_t magnitude, int negative, const rvxe_power p, uint32_t raised, uint32_t pending,
    uint32_t *flags)
{
    if (negative && !p.is_signed && (magnitude || !p.has_zero)) {
        raised = pending | RVXE_NV;
        magnitude = 0;
    }
    *flags |= p.raises_flags ? raised : 0;
    if (!negative || !p.is_signed || (p.nan && magnitude == p.nan))
        return magnitude;
    return magnitude | (uint64_t)1 << (p.bits - 1);
}
RVXE_FUNCTION uint64_t rvxe_encode_power_special(
    const rvxe_real *a, int64_t mode, const rvxe_power p, uint32_t *flags)
{
    uint32_t found;
    const uint32_t kind = rvxe_resolved(a, &found);
    if (kind == RVXE_NAN)
        return rvxe_power_with_sign(p.nan ? p.nan : p.max_code, 0, p,
            found | (p.nan ? 0 : RVXE_NV), found, flags);
    if (kind & RVXE_INFINITE)
        return rvxe_power_with_sign(p.limit, kind == RVXE_NEG_INF, p, found | RVXE_OF | RVXE_NX,
            found, flags);
    return rvxe_power_with_sign(0,
        p.is_signed && (kind == RVXE_OPEN_ZERO ? mode == RVXE_RDN : kind == RVXE_NEG_ZERO), p,
        found | (p.has_zero ? 0 : RVXE_UF | RVXE_NX), found, flags);
}
RVXE_FUNCTION uint64_t rvxe_encode_power(
    const rvxe_real *a, int64_t mode, const rvxe_power p, uint32_t *flags)
{
    const int32_t place = rvxe_bit_length(a) - 1 + a->exponent - p.least;
    const uint64_t gap = ((uint64_t)1 << p.step) - 1;
    int32_t below = place >= 0 ? place / p.step : -((p.step - 1 - place) / p.step);
    const int32_t unit = p.least + p.step * below; /* the exponent of the power at or below */
    uint32_t raised = 0;
    uint64_t code;
    int rest, odd;
    if (!a->count || a->kinds >= RVXE_POS_INF)
        return rvxe_encode_power_special(a, mode, p, flags);
    odd = (below + p.has_zero) & 1;
    rest = rvxe_against(a, 1, unit);
    below += rest && rvxe_power_goes_up(a, 1, gap, unit, odd, mode);
    if (below + p.has_zero > (int32_t)p.max_code) {
        code = rvxe_overflows_away(mode, a->negative) ? p.limit : p.max_code;
        raised = RVXE_OF | RVXE_NX;
    } else if (place >= 0) {
        code = (uint64_t)(below + p.has_zero);
        raised = rest ? RVXE_NX : 0;
    } else { /* tiny, unless it would be the least power with no limit on the exponent */
        code = p.has_zero ? (uint64_t)rvxe_power_goes_up(a, 0, 1, p.least, 0, mode) : 0;
        raised = below < 0 ? RVXE_UF | RVXE_NX : RVXE_NX;
    }
    return rvxe_power_with_sign(code, a->negative != 0, p, a->flags | raised, a->flags, flags);
}
