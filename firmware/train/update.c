#include "update.h"

#include "optimizer/optimizer.h"
#include "scaling/scaling.h"

// The same kernels over master weights, which are reals (master.h).
#define MASTER(name) RVX_JOIN(KERNEL(name), master)

struct sgd_of_reals {
    real rate, momentum, decay;
};

struct adam_of_reals {
    real rate, b1, b2, epsilon, correct1, correct2;
};

void MASTER(sgd)(uint32_t n, const struct sgd_of_reals *by, const real *g, real *v, real *w);
void MASTER(adam)(uint32_t n, const struct adam_of_reals *by, const real *g, real *m, real *s,
                  real *w);
uint32_t MASTER(unscale)(uint32_t n, const real *scale, real *g);

void allocate_update(struct network *net, struct update *by)
{
    const uint32_t states = settings.optimizer == ADAM ? 2 : 1;
    uint32_t element = sizeof(wide);
    if (settings.master == REAL_MASTER) {
        element = sizeof(real);
        by->masters = memory_for(net, OF_MASTERS, net->elements * element);
        by->slopes = memory_for(net, OF_MASTERS, net->elements * element);
    }
    for (uint32_t i = 0; i < states; i++)
        by->state[i] = memory_for(net, OF_MASTERS, net->elements * element);
    by->correct[0] = by->correct[1] = REAL(1.0);
    by->scale = settings.loss_scale;
}

// 1 / (1 - b^t) for the next t.
static real correction(real *power, struct number b)
{
    *power = mul(*power, value_of(b));
    return quotient(REAL(1.0), sub(REAL(1.0), *power));
}

static void step_masters(struct network *net, struct update *by)
{
    const uint32_t n = net->elements;
    if (settings.optimizer == ADAM) {
        struct adam_of_reals adam = {
            .rate = value_of(settings.rate), .b1 = value_of(settings.momentum),
            .b2 = value_of(settings.second), .epsilon = value_of(settings.epsilon),
            .correct1 = correction(&by->correct[0], settings.momentum),
            .correct2 = correction(&by->correct[1], settings.second),
        };
        MASTER(adam)(n, &adam, by->slopes, by->state[0], by->state[1], by->masters);
    } else {
        struct sgd_of_reals sgd = {
            .rate = value_of(settings.rate), .momentum = value_of(settings.momentum),
            .decay = value_of(settings.decay),
        };
        MASTER(sgd)(n, &sgd, by->slopes, by->state[0], by->masters);
    }
#pragma GCC unroll 4
    for (uint32_t i = 0; i < n; i++)
        put(&net->w[i], by->masters[i]);
}

static void step_stored(struct network *net, struct update *by)
{
    const uint32_t n = net->elements;
    if (settings.optimizer == ADAM) {
        struct adam adam = {
            .rate = stored(value_of(settings.rate)), .b1 = stored(value_of(settings.momentum)),
            .b2 = stored(value_of(settings.second)), .epsilon = stored(value_of(settings.epsilon)),
            .correct1 = stored(correction(&by->correct[0], settings.momentum)),
            .correct2 = stored(correction(&by->correct[1], settings.second)),
        };
        KERNEL(adam)(n, &adam, net->dw, by->state[0], by->state[1], net->w);
        return;
    }
    struct sgd sgd = {
        .rate = stored(value_of(settings.rate)), .momentum = stored(value_of(settings.momentum)),
        .decay = stored(value_of(settings.decay)),
    };
    KERNEL(sgd)(n, &sgd, net->dw, by->state[0], net->w);
}

// Gradients without the loss scale, where the optimizer wants them; whether all are finite.
static uint32_t unscaled(struct network *net, struct update *by)
{
    const real scale = scaled(REAL(1.0), by->scale);
    if (!by->masters) {
        const wide narrow = stored(scale);
        return KERNEL(unscale)(net->elements, &narrow, net->dw);
    }
#pragma GCC unroll 4
    for (uint32_t i = 0; i < net->elements; i++)
        by->slopes[i] = get(&net->dw[i]);
    return MASTER(unscale)(net->elements, &scale, by->slopes);
}

uint32_t update(struct network *net, struct update *by)
{
    if (!unscaled(net, by)) {
        by->skipped++;
        by->good = 0;
        if (settings.dynamic)
            by->scale--;
        return 0;
    }
    if (by->masters)
        step_masters(net, by);
    else
        step_stored(net, by);
    if (settings.dynamic && ++by->good == settings.dynamic && by->scale < 24) {
        by->good = 0;
        by->scale++;
    }
    return 1;
}
