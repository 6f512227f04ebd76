// Digits by two convolutions, the second in steps of two, and a dense layer.
#include "digits.h"

enum { FIRST = 8, SECOND = 16 };

void build(struct network *net)
{
    input_of(net, PIXELS, 1);
    convolution(net, (struct window){8, 8, 1, 3, 3, 1, 1}, FIRST);
    activation(net, RELU);
    convolution(net, (struct window){8, 8, FIRST, 3, 3, 2, 1}, SECOND);
    activation(net, RELU);
    flatten(net);
    dense(net, DIGITS);
}

void fill(struct network *net, const uint32_t *which, uint32_t samples, uint32_t shift)
{
    (void)shift;
    fill_digits(net, which, samples, pitch(1));
}

struct score judge(struct network *net, uint32_t samples, const wide *scale)
{
    return judge_classes(net, samples, scale);
}
