// Values over many magnitudes: samples x 2^e whose answers t 2^e scale with them, as those of a
// network without biases do. What counts is the error relative to 2^e: activations span the range of
// 2^e, and gradients the range of 2^-e.
//
// A sample is INPUTS + OUTPUTS numbers of 16 bits in units of 2^-12, and e in 16 bits.
#include "workload.h"

enum { INPUTS = 16, OUTPUTS = 4, HIDDEN = 64, ENTRY = INPUTS + OUTPUTS + 1, UNIT = -12 };

static const int16_t *samples_of[256];

void build(struct network *net)
{
    input_of(net, 1, INPUTS);
    dense_without_bias(net, HIDDEN);
    activation(net, RELU);
    dense_without_bias(net, HIDDEN);
    activation(net, RELU);
    dense_without_bias(net, OUTPUTS);
}

void fill(struct network *net, const uint32_t *which, uint32_t samples, uint32_t shift)
{
    (void)shift;
    for (uint32_t i = 0; i < samples; i++) {
        const int16_t *from = samples_of[i] = (const int16_t *)dataset + which[i] * ENTRY;
        for (uint32_t j = 0; j < INPUTS; j++)
            put(&net->input[i * pitch(INPUTS) + j],
                scaled(whole(from[j]), from[ENTRY - 1] + UNIT));
    }
}

// Mean over samples and outputs of ((y - t) / 2^e)^2.
struct score judge(struct network *net, uint32_t samples, const wide *scale)
{
    struct layer_of *at = last(net);
    const real share = quotient(REAL(1.0), whole((int32_t)(samples * OUTPUTS)));
    const real weight = mul(add(share, share), get(scale));
    real sum = REAL(0.0);
    for (uint32_t i = 0; i < samples; i++) {
        const int16_t *from = samples_of[i];
        const int32_t e = from[ENTRY - 1];
        for (uint32_t j = 0; j < OUTPUTS; j++) {
            const uint32_t place = i * pitch(OUTPUTS) + j;
            real wrong = sub(scaled(get(&at->y[place]), -e), scaled(whole(from[INPUTS + j]), UNIT));
            sum = fused(wrong, wrong, sum);
            put(&at->dy[place], scaled(mul(weight, wrong), -e));
        }
    }
    return (struct score){.loss = mul(sum, share)};
}
