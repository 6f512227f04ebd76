// A network is a table of layers, each fed by the one before; a workload's `build` appends them.
//
// A sample has `rows` rows in a layer: 1, the positions of an image, the tokens of a text. Tensors
// are as kernel.h has them, the samples of a batch one behind the other. Parameters of all layers
// lie in one array, gradients in another of the same layout, so that an optimizer is one call.
#ifndef RVX_TRAIN_NETWORK_H
#define RVX_TRAIN_NETWORK_H

#include "conv2d/conv2d.h"
#include "random.h"
#include "settings.h"

enum layer_kind { DENSE, CONVOLUTION, RELU, GELU, LAYERNORM, EMBEDDING, ATTENTION, RESIDUAL };
enum { MOST_LAYERS = 24, PARTS = 4, CLASSES_OF_MEMORY = 5 };

// Parameters of one layer, and their gradient.
struct part {
    uint32_t offset, rows, columns;
    wide *w, *dw;
};

struct layer_of {
    enum layer_kind kind;
    uint32_t rows, in, out;          // of a sample; elements of a row
    struct window window;            // of a convolution
    uint32_t with, branch;           // a residual adds the output of layer `with`, whose `branch` it is
    struct part parts[PARTS];
    const wide *x;
    wide *dx;                        // 0: nobody wants it
    wide *y, *dy;
    wide *own[8];                    // what a kind keeps from forward to backward, and scratch
};

enum memory { OF_PARAMETERS, OF_MASTERS, OF_ACTIVATIONS, OF_OPERANDS, OF_DATA };

struct network {
    uint32_t count, batch;
    struct layer_of layers[MOST_LAYERS];
    uint32_t first_rows, first;      // of a sample of the input
    uint32_t rows, in;               // of what the next layer gets, while they are declared
    uint32_t is_training;
    wide *input;
    int32_t *tokens;                 // the input of an embedding
    int32_t *labels;                 // of the rows of the output
    uint32_t elements;               // parameters, with the padding of rows
    uint32_t parameters;             // without
    wide *w, *dw;
    operand *room[2];
    wide *scaled[2];                 // operands as the scaling of tensors leaves them
    uint32_t bytes[CLASSES_OF_MEMORY];
};

// Declaring layers.
void input_of(struct network *net, uint32_t rows, uint32_t columns);
void dense(struct network *net, uint32_t out);
void dense_without_bias(struct network *net, uint32_t out);
void convolution(struct network *net, struct window window, uint32_t filters);
void activation(struct network *net, enum layer_kind kind);
void layernorm(struct network *net);
void embedding(struct network *net, uint32_t symbols, uint32_t columns);
void attention(struct network *net);
void residual(struct network *net, uint32_t with);
void flatten(struct network *net);

// Memory for what was declared, and the first weights, drawn into `masters` (0: none) as well.
void allocate(struct network *net);
void draw_weights(struct network *net, struct random *by, real *masters);
void *memory_for(struct network *net, enum memory what, uint32_t bytes);

void forward(struct network *net, uint32_t samples);
void backward(struct network *net, uint32_t samples); // from dy of the last layer
static inline struct layer_of *last(struct network *net)
{
    return &net->layers[net->count - 1];
}

// The layers, a file for each group of kinds.
void dense_forward(struct network *net, struct layer_of *at, uint32_t rows);
void dense_backward(struct network *net, struct layer_of *at, uint32_t rows);
void convolution_forward(struct network *net, struct layer_of *at, uint32_t samples);
void convolution_backward(struct network *net, struct layer_of *at, uint32_t samples);
void embedding_forward(struct network *net, struct layer_of *at, uint32_t samples);
void embedding_backward(struct network *net, struct layer_of *at, uint32_t samples);
void attention_layer_forward(struct network *net, struct layer_of *at, uint32_t samples);
void attention_layer_backward(struct network *net, struct layer_of *at, uint32_t samples);

// Of a number: significand 2^exponent.
static inline real value_of(struct number number)
{
    return scaled(whole(number.significand), number.exponent);
}

static inline wide stored(real value)
{
    wide found;
    put(&found, value);
    return found;
}

static inline uint32_t area(uint32_t rows, uint32_t columns)
{
    return rows * pitch(columns);
}

#endif
