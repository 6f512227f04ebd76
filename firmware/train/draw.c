// The first weights: uniform, so that sums of products keep the size of what goes in (He et al. 2015,
// Glorot and Bengio 2010).
#include "network.h"

static void fill(struct network *net, const struct part *part, real middle, real bound,
                 struct random *by, real *masters)
{
    const uint32_t step = pitch(part->columns);
    for (uint32_t i = 0; i < part->rows; i++)
        for (uint32_t j = 0; j < part->columns; j++) {
            int32_t drawn = (int32_t)(draw(by) >> 16) - 32768;
            real value = fused(scaled(whole(drawn), -15), bound, middle);
            const uint32_t at = part->offset + i * step + j;
            put(&net->w[at], value);
            if (masters)
                masters[at] = value;
        }
}

// root(gain / in)
static real bound_of(int32_t gain, uint32_t in)
{
    return root(quotient(whole(gain), whole((int32_t)in)));
}

void draw_weights(struct network *net, struct random *by, real *masters)
{
    const real nothing = REAL(0.0);
    for (uint32_t i = 0; i < net->count; i++) {
        const struct layer_of *at = &net->layers[i];
        const struct part *parts = at->parts;
        enum layer_kind next = i + 1 < net->count ? net->layers[i + 1].kind : DENSE;
        switch (at->kind) {
        case DENSE:
        case CONVOLUTION:
            fill(net, &parts[0], nothing,
                 bound_of(next == RELU || next == GELU ? 6 : 3, parts[0].columns), by, masters);
            fill(net, &parts[1], nothing, nothing, by, masters);
            break;
        case LAYERNORM:
            fill(net, &parts[0], REAL(1.0), nothing, by, masters);
            fill(net, &parts[1], nothing, nothing, by, masters);
            break;
        case EMBEDDING:
            for (uint32_t j = 0; j < 2; j++)
                fill(net, &parts[j], nothing, REAL(0.5), by, masters);
            break;
        case ATTENTION:
            for (uint32_t j = 0; j < 3; j++)
                fill(net, &parts[j], nothing, bound_of(3, at->in), by, masters);
            break;
        default: break;
        }
    }
}
