#include "report.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE = 256, DIGITS_KEPT = 20 };

// A real as C writes hexadecimal ones, to 21 bits.
static const char *text_of(real value, char *to)
{
    real significand;
    if (!is_finite(value))
        return "nan";
    if (!less(REAL(0.0), value))
        return "0x0p0";
    int32_t exponent = split(value, &significand);
    int32_t digits = nearest(scaled(significand, DIGITS_KEPT));
    snprintf(to, 32, "0x%xp%d", (unsigned)digits, (int)exponent - DIGITS_KEPT);
    return to;
}

static void tell(const char *line, int length)
{
    write(1, line, (size_t)length);
}

void report_start(const struct network *net)
{
    char line[LINE];
    const uint32_t *bytes = net->bytes;
    tell(line, snprintf(line, LINE,
                        "start parameters=%u parameter_bytes=%u master_bytes=%u"
                        " activation_bytes=%u operand_bytes=%u\n",
                        (unsigned)net->parameters, (unsigned)bytes[OF_PARAMETERS],
                        (unsigned)bytes[OF_MASTERS], (unsigned)bytes[OF_ACTIVATIONS],
                        (unsigned)bytes[OF_OPERANDS]));
}

void report_step(uint32_t epoch, uint32_t step, real loss)
{
    char line[LINE], text[32];
    tell(line, snprintf(line, LINE, "step epoch=%u step=%u train=%s\n", (unsigned)epoch,
                        (unsigned)step, text_of(loss, text)));
}

void report_epoch(uint32_t epoch, uint32_t steps, real loss, struct score held,
                  const struct update *by)
{
    char line[LINE], train[32], text[32];
    tell(line, snprintf(line, LINE,
                        "epoch epoch=%u step=%u train=%s held=%s correct=%u judged=%u skipped=%u"
                        " scale=%d\n",
                        (unsigned)epoch, (unsigned)steps, text_of(loss, train),
                        text_of(held.loss, text), (unsigned)held.correct, (unsigned)held.judged,
                        (unsigned)by->skipped, (int)by->scale));
}

// FNV-1a (Fowler, Noll, Vo) over bytes, 64 bits.
static uint64_t digest(const void *data, uint32_t length)
{
    uint64_t found = 0xcbf29ce484222325;
    for (const uint8_t *at = data, *end = at + length; at < end; at++)
        found = (found ^ *at) * 0x100000001b3;
    return found;
}

// The parameters as they are kept, masters where there are some: their digest, and with `dump` their
// bytes behind the line.
void report_end(const struct network *net, const struct update *by)
{
    char line[LINE];
    const void *data = by->masters ? (const void *)by->masters : net->w;
    const uint32_t length = net->elements * (by->masters ? sizeof(real) : sizeof(wide));
    const uint64_t found = digest(data, length);
    tell(line, snprintf(line, LINE, "end address=0x%x bytes=%u digest=%08x%08x\n",
                        (unsigned)(uintptr_t)data, (unsigned)length, (unsigned)(found >> 32),
                        (unsigned)found));
    if (settings.dump)
        tell(data, (int)length);
}
