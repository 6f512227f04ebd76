// Declaring a network, and finding memory for it.
#include "network.h"

#include <stdlib.h>
#include <unistd.h>

static struct layer_of *append(struct network *net, enum layer_kind kind, uint32_t rows, uint32_t out)
{
    if (net->count == MOST_LAYERS)
        abort();
    struct layer_of *at = &net->layers[net->count++];
    at->kind = kind;
    at->rows = rows;
    at->in = net->in;
    at->out = out;
    net->rows = rows;
    net->in = out;
    return at;
}

static void part(struct network *net, struct layer_of *at, uint32_t which, uint32_t rows,
                 uint32_t columns)
{
    at->parts[which] = (struct part){.offset = net->elements, .rows = rows, .columns = columns};
    net->elements += (area(rows, columns) + 3) & ~3u;
    net->parameters += rows * columns;
}

void input_of(struct network *net, uint32_t rows, uint32_t columns)
{
    net->first_rows = net->rows = rows;
    net->first = net->in = columns;
}

void dense_without_bias(struct network *net, uint32_t out)
{
    struct layer_of *at = append(net, DENSE, net->rows, out);
    part(net, at, 0, out, at->in);
}

void dense(struct network *net, uint32_t out)
{
    dense_without_bias(net, out);
    part(net, last(net), 1, 1, out);
}

void convolution(struct network *net, struct window window, uint32_t filters)
{
    struct layer_of *at =
        append(net, CONVOLUTION, window_rows(&window) * window_columns(&window), filters);
    at->window = window;
    part(net, at, 0, filters, window.kh * window.kw * window.c);
    part(net, at, 1, 1, filters);
}

void activation(struct network *net, enum layer_kind kind)
{
    append(net, kind, net->rows, net->in);
}

void layernorm(struct network *net)
{
    struct layer_of *at = append(net, LAYERNORM, net->rows, net->in);
    part(net, at, 0, 1, at->in);
    part(net, at, 1, 1, at->in);
}

void embedding(struct network *net, uint32_t symbols, uint32_t columns)
{
    struct layer_of *at = append(net, EMBEDDING, net->rows, columns);
    part(net, at, 0, symbols, columns);
    part(net, at, 1, at->rows, columns);
}

void attention(struct network *net)
{
    struct layer_of *at = append(net, ATTENTION, net->rows, net->in);
    for (uint32_t i = 0; i < 3; i++)
        part(net, at, i, at->in, at->in);
}

void residual(struct network *net, uint32_t with)
{
    struct layer_of *at = append(net, RESIDUAL, net->rows, net->in);
    at->with = with;
    net->layers[with].branch = net->count - 1;
}

// The rows of a sample become one; they have no padding.
void flatten(struct network *net)
{
    if (pitch(net->in) != net->in)
        abort();
    net->in *= net->rows;
    net->rows = 1;
}

void *memory_for(struct network *net, enum memory what, uint32_t bytes)
{
    bytes = (bytes + 15) & ~15u;
    net->bytes[what] += bytes;
    void *found = sbrk((intptr_t)bytes);
    if (found == (void *)-1)
        abort();
    return found;
}

static wide *tensor(struct network *net, uint32_t rows, uint32_t columns)
{
    return memory_for(net, OF_ACTIVATIONS, area(rows, columns) * sizeof(wide));
}

static uint32_t greater(uint32_t a, uint32_t b)
{
    return a < b ? b : a;
}

// What the operands of a layer's three products take, each along its sum, the most of all.
static uint32_t room_of(uint32_t rows, uint32_t in, uint32_t out)
{
    uint32_t most = greater(packed_bytes(rows, in), packed_bytes(out, in));
    most = greater(most, greater(packed_bytes(rows, out), packed_bytes(in, out)));
    return greater(most, greater(packed_bytes(out, rows), packed_bytes(in, rows)));
}

// And what their tensors take, where they are scaled.
static uint32_t tensor_of(uint32_t rows, uint32_t in, uint32_t out)
{
    return greater(area(out, in), greater(area(rows, in), area(rows, out))) * sizeof(wide);
}

static void allocate_operands(struct network *net)
{
    uint32_t room = 0, copies = 0;
    for (uint32_t i = 0; i < net->count; i++) {
        const struct layer_of *at = &net->layers[i];
        const uint32_t rows = net->batch * at->rows;
        const uint32_t in = at->kind == CONVOLUTION ? at->parts[0].columns : at->in;
        if (at->kind == ATTENTION)
            room = greater(room, room_of(at->rows, at->rows, in));
        if (at->kind == DENSE || at->kind == CONVOLUTION || at->kind == ATTENTION) {
            room = greater(room, room_of(rows, in, at->out));
            copies = greater(copies, tensor_of(rows, in, at->out));
        }
    }
    for (uint32_t i = 0; i < 2; i++) {
        net->room[i] = memory_for(net, OF_OPERANDS, room);
        if (settings.scaling == TENSOR_SCALING)
            net->scaled[i] = memory_for(net, OF_OPERANDS, copies);
    }
}

static void allocate_own(struct network *net, struct layer_of *at)
{
    const uint32_t rows = net->batch * at->rows;
    switch (at->kind) {
    case LAYERNORM: at->own[0] = memory_for(net, OF_ACTIVATIONS, 2 * rows * sizeof(wide)); break;
    case CONVOLUTION: at->own[0] = tensor(net, rows, at->parts[0].columns); break;
    case ATTENTION: // q, k, v, their gradients, p, ds
        for (uint32_t i = 0; i < 6; i++)
            at->own[i] = tensor(net, rows, at->in);
        at->own[6] = tensor(net, rows, at->rows);
        at->own[7] = tensor(net, at->rows, at->rows);
        break;
    default: break;
    }
}

void allocate(struct network *net)
{
    const uint32_t parameters = net->elements * sizeof(wide);
    const uint32_t rows = net->batch * net->first_rows;
    net->input = tensor(net, rows, net->first);
    net->tokens = memory_for(net, OF_ACTIVATIONS, rows * sizeof *net->tokens);
    net->labels = memory_for(net, OF_ACTIVATIONS, rows * sizeof *net->labels);
    net->w = memory_for(net, OF_PARAMETERS, parameters);
    net->dw = memory_for(net, OF_PARAMETERS, parameters);
    wide *y = net->input, *dy = 0;
    for (uint32_t i = 0; i < net->count; i++) {
        struct layer_of *at = &net->layers[i];
        for (uint32_t j = 0; j < PARTS; j++) {
            at->parts[j].w = net->w + at->parts[j].offset;
            at->parts[j].dw = net->dw + at->parts[j].offset;
        }
        at->x = y;
        at->dx = dy;
        at->y = y = tensor(net, net->batch * at->rows, at->out);
        at->dy = dy = tensor(net, net->batch * at->rows, at->out);
        allocate_own(net, at);
    }
    allocate_operands(net);
}
