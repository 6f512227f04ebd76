// What the operands of a product are to training. A system that quantises them differently, or has
// other products where a gradient takes part, defines `packed_as`, `packed_as_transposed` and
// `product_gradient` itself, and a macro of each one's name; so does one whose operands are not a
// plain array for `packed_bytes`. All others have these.
#ifndef RVX_NUMBERS_ROLES_H
#define RVX_NUMBERS_ROLES_H

#include <stdint.h>

enum role {
    ACTIVATION,        // the first operand of `product`; the second is
    WEIGHT,            // a weight
    SECOND_ACTIVATION, // or another activation
    GRADIENT,          // one operand of `product_gradient`; the other is
    KEPT_ACTIVATION,   // an activation
    KEPT_WEIGHT,       // or a weight
};

#endif

// The second time, at the end of a system's header, what it left out.
#if defined(RVX_NUMBERS_REST) && !defined(RVX_NUMBERS_ROLES_REST)
#define RVX_NUMBERS_ROLES_REST

#ifndef packed_bytes
// Bytes of the room that `packed` of a rows by k matrix may take.
static inline uint32_t packed_bytes(uint32_t rows, uint32_t k)
{
    const uint32_t word = __riscv_flen / 8;
    return rows * ((k * sizeof(operand) + word - 1) & -word);
}
#endif

#ifndef packed_as
static inline const operand *packed_as(enum role role, uint32_t rows, uint32_t k, const wide *x,
                                       operand *room)
{
    (void)role;
    return packed(rows, k, x, room);
}

// x is k by rows.
static inline const operand *packed_as_transposed(enum role role, uint32_t rows, uint32_t k,
                                                  const wide *x, operand *room)
{
    (void)role;
    return packed_transposed(rows, k, x, room);
}

static inline void product_gradient(uint32_t m, uint32_t n, uint32_t k, const operand *a,
                                    const operand *bt, wide *c)
{
    product(m, n, k, a, bt, c);
}
#endif

#endif
