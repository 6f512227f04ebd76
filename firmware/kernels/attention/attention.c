#include "attention.h"

// The first `row` + 1 of a row of scores become probabilities, the rest 0.
static void attend(uint32_t n, uint32_t row, real scale, wide *s)
{
    real most = get(&s[0]), sum = REAL(0.0);
    for (uint32_t i = 1; i <= row; i++)
        if (less(most, get(&s[i])))
            most = get(&s[i]);
    for (uint32_t i = 0; i <= row; i++) {
        real power = exponential(mul(scale, sub(get(&s[i]), most)));
        sum = add(sum, power);
        put(&s[i], power);
    }
    const real share = quotient(REAL(1.0), sum);
    for (uint32_t i = 0; i < n; i++)
        put(&s[i], i <= row ? mul(get(&s[i]), share) : REAL(0.0));
}

void KERNEL(attention_forward)(const struct attention *head)
{
    const uint32_t n = head->n, d = head->d;
    const operand *q = packed_as(ACTIVATION, n, d, head->q, head->room[0]);
    const operand *k = packed_as(SECOND_ACTIVATION, n, d, head->k, head->room[1]);
    product(n, n, d, q, k, head->p);
    const real scale = get(head->scale);
    for (uint32_t row = 0; row < n; row++)
        attend(n, row, scale, &head->p[row * pitch(n)]);
    const operand *p = packed_as(ACTIVATION, n, n, head->p, head->room[0]);
    const operand *v = packed_as_transposed(SECOND_ACTIVATION, d, n, head->v, head->room[1]);
    product(n, d, n, p, v, head->y);
}

// A row of dP becomes one of dS.
static void descend(uint32_t n, real scale, const wide *p, wide *ds)
{
    real sum = REAL(0.0);
    for (uint32_t i = 0; i < n; i++)
        sum = fused(get(&p[i]), get(&ds[i]), sum);
    for (uint32_t i = 0; i < n; i++)
        put(&ds[i], mul(mul(scale, get(&p[i])), sub(get(&ds[i]), sum)));
}

void KERNEL(attention_backward)(const struct attention *head)
{
    const uint32_t n = head->n, d = head->d;
    operand *first = head->room[0], *second = head->room[1];
    product_gradient(n, d, n, packed_as_transposed(KEPT_ACTIVATION, n, n, head->p, first),
                     packed_as_transposed(GRADIENT, d, n, head->dy, second), head->dv);
    product_gradient(n, n, d, packed_as(GRADIENT, n, d, head->dy, first),
                     packed_as(KEPT_ACTIVATION, n, d, head->v, second), head->ds);
    const real scale = get(head->scale);
    for (uint32_t row = 0; row < n; row++)
        descend(n, scale, &head->p[row * pitch(n)], &head->ds[row * pitch(n)]);
    product_gradient(n, d, n, packed_as(GRADIENT, n, n, head->ds, first),
                     packed_as_transposed(KEPT_ACTIVATION, d, n, head->k, second), head->dq);
    product_gradient(n, d, n, packed_as_transposed(GRADIENT, n, n, head->ds, first),
                     packed_as_transposed(KEPT_ACTIVATION, d, n, head->q, second), head->dk);
}
