// The training loop.
#include "report.h"

#include <rvx/region.h>

static struct network net;
static struct update by;
static struct random source;

static void shuffle(uint32_t n, uint32_t *order)
{
    for (uint32_t i = n; i > 1; i--) {
        const uint32_t j = draw_below(&source, i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

// Over the samples held out.
static struct score evaluate(uint32_t *which)
{
    const wide one = stored(REAL(1.0));
    struct score all = {.loss = REAL(0.0)};
    for (uint32_t done = 0; done < settings.held;) {
        uint32_t samples = settings.held - done;
        if (samples > net.batch)
            samples = net.batch;
        for (uint32_t i = 0; i < samples; i++)
            which[i] = settings.first_held + done + i;
        fill(&net, which, samples, 0);
        forward(&net, samples);
        struct score found = judge(&net, samples, &one);
        all.loss = fused(found.loss, whole((int32_t)samples), all.loss);
        all.correct += found.correct;
        all.judged += found.judged;
        done += samples;
    }
    all.loss = quotient(all.loss, whole((int32_t)settings.held));
    return all;
}

static real train_step(const uint32_t *which, uint32_t shift)
{
    const wide scale = stored(scaled(REAL(1.0), by.scale));
    fill(&net, which, net.batch, shift);
    forward(&net, net.batch);
    struct score found = judge(&net, net.batch, &scale);
    backward(&net, net.batch);
    update(&net, &by);
    return found.loss;
}

// The mean loss of its steps.
static real train_epoch(uint32_t epoch, const uint32_t *order, uint32_t steps)
{
    const uint32_t shift = draw(&source) >> 16;
    real sum = REAL(0.0), recent = REAL(0.0);
    net.is_training = 1;
    RVX_BEGIN("train");
    for (uint32_t i = 0; i < steps; i++) {
        const real loss = train_step(order + i * net.batch, shift);
        sum = add(sum, loss);
        recent = add(recent, loss);
        if (settings.report && (i + 1) % settings.report == 0) {
            report_step(epoch, i + 1, quotient(recent, whole((int32_t)settings.report)));
            recent = REAL(0.0);
        }
    }
    RVX_END("train");
    net.is_training = 0;
    return quotient(sum, whole((int32_t)steps));
}

int main(void)
{
    seed_random(&source, settings.seed);
    net.batch = settings.batch;
    build(&net);
    allocate(&net);
    allocate_update(&net, &by);
    draw_weights(&net, &source, by.masters);
    uint32_t *order = memory_for(&net, OF_DATA, settings.train * sizeof *order);
    uint32_t *which = memory_for(&net, OF_DATA, net.batch * sizeof *which);
    for (uint32_t i = 0; i < settings.train; i++)
        order[i] = i;
    report_start(&net);
    const uint32_t steps = settings.train / net.batch;
    report_epoch(0, 0, REAL(0.0), evaluate(which), &by);
    for (uint32_t epoch = 1; epoch <= settings.epochs; epoch++) {
        shuffle(settings.train, order);
        const real loss = train_epoch(epoch, order, steps);
        report_epoch(epoch, epoch * steps, loss, evaluate(which), &by);
    }
    report_end(&net, &by);
    return 0;
}
