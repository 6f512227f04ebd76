#include "softmax.h"

static inline real largest_of(uint32_t n, const wide *x)
{
    real most = get(&x[0]);
    for (uint32_t i = 1; i < n; i++) {
        real value = get(&x[i]);
        if (less(most, value))
            most = value;
    }
    return most;
}

// y = e^(x - most); their sum.
static inline real powers(uint32_t n, const wide *x, real most, wide *y)
{
    real sum = REAL(0.0);
    for (uint32_t i = 0; i < n; i++) {
        real power = exponential(sub(get(&x[i]), most));
        sum = add(sum, power);
        put(&y[i], power);
    }
    return sum;
}

void KERNEL(softmax)(uint32_t rows, uint32_t classes, const wide *x, wide *y)
{
    const uint32_t step = pitch(classes);
    for (uint32_t row = 0; row < rows; row++, x += step, y += step) {
        real share = quotient(REAL(1.0), powers(classes, x, largest_of(classes, x), y));
        for (uint32_t i = 0; i < classes; i++)
            put(&y[i], mul(get(&y[i]), share));
    }
}

void KERNEL(softmax_cross_entropy)(uint32_t rows, uint32_t classes, const wide *x,
                                   const int32_t *labels, const wide *scale, wide *dx, wide *loss)
{
    real total = REAL(0.0);
    real weight = quotient(get(scale), whole((int32_t)rows));
    const uint32_t step = pitch(classes);
    for (uint32_t row = 0; row < rows; row++, x += step, dx += step) {
        real most = largest_of(classes, x);
        real distance = sub(most, get(&x[labels[row]]));
        real sum = powers(classes, x, most, dx);
        total = add(total, add(logarithm(sum), distance));
        real share = quotient(weight, sum);
        for (uint32_t i = 0; i < classes; i++)
            put(&dx[i], mul(get(&dx[i]), share));
        put(&dx[labels[row]], sub(get(&dx[labels[row]]), weight));
    }
    put(loss, quotient(total, whole((int32_t)rows)));
}
