// Training in four bits: INT4 activations and weights, gradients that are powers, one scale in fp32
// for a matrix; tensors stay in fp32, sums are integers in the forward pass and fp32 in the backward
// one. Words of eight elements; the header says what they are multiplied by, and their kind.
//
//   weights      -7 to 7, clipped by SAWB: 12.68 sqrt(mean w^2) - 12.8 mean |w|
//                (the largest |w| where that is not above 0)
//   activations  0 to 15 if none is negative, else -7 to 7; up to the largest. PACT's clip, which
//                is trained, belongs to the activation function before.
//   gradients    by the system: GRADIENT_WORD (type), `gradient_scale(most)`, what they are
//                multiplied by, its inverse `gradient_unit(most)`, `begin_gradient(kind)` and
//                `gradient(to, x, scale, i)` with element i of `to` replaced, and
//                `gradient_value(word, i, unit)`
// A gradient is GRADIENTS as it lies and GRADIENTS_TRANSPOSED transposed: so two GEMMs of a layer take it.
#ifndef RVX_NUMBERS_FOUR_BITS_H
#define RVX_NUMBERS_FOUR_BITS_H

#include "roles.h"

enum { HEADER = 2, SCALES = 0, LANES = 8, BLOCK = 8 };

#include "panels.h"

// As the GEMM programs read it from the header.
enum kind { INTEGERS, UNSIGNED_INTEGERS, GRADIENTS, GRADIENTS_TRANSPOSED };

typedef struct {
    enum kind kind;
    real by;   // clip of integers, factor of gradients
    real unit; // what an element is multiplied by
} summary;

// A function that quantises the first `count` elements of a word; the others are zeros.
#define QUANTISE_(quantise, i)                                                                    \
    if (i < count)                                                                                \
        to = quantise(to, at[(i) * apart], by, i);
#define QUANTISES(name, word, quantise)                                                           \
    RVX_INLINE void name(const wide *at, uint32_t apart, uint32_t count, real by, operand *into)  \
    {                                                                                             \
        word to = {0};                                                                            \
        QUANTISE_(quantise, 0)                                                                    \
        QUANTISE_(quantise, 1)                                                                    \
        QUANTISE_(quantise, 2)                                                                    \
        QUANTISE_(quantise, 3)                                                                    \
        QUANTISE_(quantise, 4)                                                                    \
        QUANTISE_(quantise, 5)                                                                    \
        QUANTISE_(quantise, 6)                                                                    \
        QUANTISE_(quantise, 7)                                                                    \
        *(rvx_alias_float *)into = to.raw;                                                        \
    }

QUANTISES(integer_word, rvx_sawb4x8, rvx_sawbq)
QUANTISES(unsigned_word, rvx_pact4x8, rvx_pactq)
QUANTISES(gradient_word, GRADIENT_WORD, gradient)

#define PACK_ROW(quantise)                                                                        \
    for (; k >= LANES; k -= LANES, from += LANES * apart, to += PANEL)                            \
        quantise(from, apart, LANES, of.by, to);                                                  \
    if (k)                                                                                        \
        quantise(from, apart, k, of.by, to);

RVX_INLINE void pack_row(uint32_t k, const wide *from, uint32_t apart, summary of, operand *to)
{
    switch (of.kind) {
    case INTEGERS:
        PACK_ROW(integer_word)
        break;
    case UNSIGNED_INTEGERS:
        PACK_ROW(unsigned_word)
        break;
    default:
        PACK_ROW(gradient_word)
    }
}

// Element i of a word from -8 to 7, from 0 to 15.
#define INTEGER_VALUE(word, i, unit) mul(whole((int32_t)(bits_of(word) << (28 - 4 * (i))) >> 28), unit)
#define UNSIGNED_VALUE(word, i, unit) mul(whole(bits_of(word) >> 4 * (i) & 15), unit)
#define GRADIENT_VALUE(word, i, unit) gradient_value((GRADIENT_WORD){word}, i, unit)

#define UNPACK_(value, i)                                                                         \
    if (i < count)                                                                                \
        to[i] = value(word, i, unit);
#define UNPACKS(name, value)                                                                      \
    static inline void name(float word, uint32_t count, real unit, wide *to)                      \
    {                                                                                             \
        UNPACK_(value, 0)                                                                         \
        UNPACK_(value, 1)                                                                         \
        UNPACK_(value, 2)                                                                         \
        UNPACK_(value, 3)                                                                         \
        UNPACK_(value, 4)                                                                         \
        UNPACK_(value, 5)                                                                         \
        UNPACK_(value, 6)                                                                         \
        UNPACK_(value, 7)                                                                         \
    }

UNPACKS(integer_values, INTEGER_VALUE)
UNPACKS(unsigned_values, UNSIGNED_VALUE)
UNPACKS(gradient_values, GRADIENT_VALUE)

static inline void unpack_row(uint32_t k, const operand *from, summary of, wide *to)
{
    for (uint32_t i = 0; i < k; i += LANES, from += PANEL, to += LANES) {
        const uint32_t count = k - i < LANES ? k - i : LANES;
        const float word = *(const rvx_alias_float *)from;
        if (of.kind == INTEGERS)
            integer_values(word, count, of.unit, to);
        else if (of.kind == UNSIGNED_INTEGERS)
            unsigned_values(word, count, of.unit, to);
        else
            gradient_values(word, count, of.unit, to);
    }
}

#include "panels_rest.h"

static inline real largest_magnitude(uint32_t n, const wide *x)
{
    real most = 0.0f;
    for (; n >= 4; n -= 4, x += 4) { // in turn: no load is followed by its use
        const real a = x[0], b = x[1], c = x[2], d = x[3];
        most = rvx_famax_s(rvx_famax_s(most, a), b);
        most = rvx_famax_s(rvx_famax_s(most, c), d);
    }
    for (; n; n--, x++)
        most = rvx_famax_s(most, *x);
    return most;
}

static inline summary integers(uint32_t n, const wide *x, int may_be_unsigned)
{
    const real most = largest_magnitude(n, x);
    real least = 0.0f;
    if (may_be_unsigned)
#pragma GCC unroll 4
        for (uint32_t i = 0; i < n; i++)
            least = __builtin_fminf(least, x[i]);
    if (may_be_unsigned && least == 0.0f)
        return (summary){UNSIGNED_INTEGERS, most, most / 15.0f};
    return (summary){INTEGERS, most, most / 7.0f};
}

static inline summary weights(uint32_t n, const wide *x)
{
    real magnitudes = 0.0f, squares = 0.0f;
    for (uint32_t i = 0; i < n; i++) {
        magnitudes = add(magnitudes, magnitude(x[i]));
        squares = fused(x[i], x[i], squares);
    }
    const real count = whole((int32_t)n);
    const real clip = rvx_sawbclip_4(quotient(squares, count), quotient(magnitudes, count));
    if (clip > 0.0f)
        return (summary){INTEGERS, clip, clip / 7.0f};
    return integers(n, x, 0);
}

static inline summary gradients(uint32_t n, const wide *x, enum kind kind)
{
    const real most = largest_magnitude(n, x);
    return (summary){kind, gradient_scale(most), gradient_unit(most)};
}

static inline summary summary_of(enum role role, int transposed, uint32_t n, const wide *x)
{
    switch (role) {
    case WEIGHT:
    case KEPT_WEIGHT:
        return weights(n, x);
    case GRADIENT:
        return gradients(n, x, transposed ? GRADIENTS_TRANSPOSED : GRADIENTS);
    default:
        return integers(n, x, role != SECOND_ACTIVATION);
    }
}

// Not inline: a kernel packs matrices of up to three kinds.
RVX_OUTLINE const operand *packed_by(enum role role, uint32_t rows, uint32_t k, const wide *x,
                                     int transposed, operand *room)
{
    const summary of = summary_of(role, transposed, rows * k, x);
    if (of.kind >= GRADIENTS)
        begin_gradient(of.kind);
    room[0] = bits_of(of.unit);
    room[1] = of.kind;
    if (transposed)
        pack_panels(rows, k, x, 1, rows, of, room + HEADER);
    else
        pack_panels(rows, k, x, k, 1, of, room + HEADER);
    return room;
}

// What `packed_as` made of a rows by k matrix, as fp32 again.
static inline void unpacked(uint32_t rows, uint32_t k, const operand *from, wide *y)
{
    const summary of = {(enum kind)from[1], 0.0f, from_bits(from[0])};
    if (of.kind >= GRADIENTS)
        begin_gradient(of.kind);
    unpack_panels(rows, k, from + HEADER, of, y);
}

static inline const operand *packed_as(enum role role, uint32_t rows, uint32_t k, const wide *x,
                                       operand *room)
{
    return packed_by(role, rows, k, x, 0, room);
}
#define packed_as packed_as

// x is k by rows.
static inline const operand *packed_as_transposed(enum role role, uint32_t rows, uint32_t k,
                                                  const wide *x, operand *room)
{
    return packed_by(role, rows, k, x, 1, room);
}

static inline const operand *packed(uint32_t rows, uint32_t k, const wide *x, operand *room)
{
    return packed_as(ACTIVATION, rows, k, x, room);
}

static inline const operand *packed_transposed(uint32_t rows, uint32_t k, const wide *x,
                                               operand *room)
{
    return packed_as_transposed(ACTIVATION, rows, k, x, room);
}

#endif
