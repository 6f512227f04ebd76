// The next character of a text, by a transformer of one block (normalisation before each part, as
// Xiong et al. 2020). A sample is CONTEXT characters; the data set is a byte a character, and an
// epoch shifts where samples start.
#include "workload.h"

enum { CONTEXT = 32, SYMBOLS = 32, FEATURES = 64 };

void build(struct network *net)
{
    input_of(net, CONTEXT, 1);
    embedding(net, SYMBOLS, FEATURES); // 0
    layernorm(net);
    attention(net);
    dense(net, FEATURES);
    residual(net, 0); // 4
    layernorm(net);
    dense(net, 4 * FEATURES);
    activation(net, GELU);
    dense(net, FEATURES);
    residual(net, 4);
    layernorm(net);
    dense(net, SYMBOLS);
}

void fill(struct network *net, const uint32_t *which, uint32_t samples, uint32_t shift)
{
    int32_t *token = net->tokens, *label = net->labels;
    for (uint32_t i = 0; i < samples; i++) {
        const uint8_t *from = dataset + which[i] * CONTEXT + shift % CONTEXT;
        for (uint32_t j = 0; j < CONTEXT; j++) {
            *token++ = from[j];
            *label++ = from[j + 1];
        }
    }
}

struct score judge(struct network *net, uint32_t samples, const wide *scale)
{
    return judge_classes(net, samples * CONTEXT, scale);
}
