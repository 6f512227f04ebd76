// List processing, matrix arithmetic, a state machine and checksums, over and over: what CoreMark
// measures, in a program of our own. Prints one checksum a part.
#include <stdint.h>
#include <stdio.h>

enum { NODES = 120, SIZE = 12, ROUNDS = 4 };

static uint16_t crc16(uint16_t crc, uint16_t value)
{
    for (int i = 0; i < 16; i++, value >>= 1)
        crc = (crc ^ value) & 1 ? (uint16_t)(crc >> 1 ^ 0xA001) : (uint16_t)(crc >> 1);
    return crc;
}

// Lists

struct node {
    struct node *next;
    int16_t value, index;
};

static struct node nodes[NODES];

static struct node *make_list(uint32_t seed)
{
    for (int i = 0; i < NODES; i++) {
        seed = seed * 1103515245u + 12345u;
        nodes[i].value = (int16_t)(seed >> 16 & 0x3ff);
        nodes[i].index = (int16_t)i;
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    }
    return nodes;
}

static struct node *reverse(struct node *list)
{
    struct node *done = 0;
    while (list) {
        struct node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static int by_value(const struct node *a, const struct node *b) { return a->value - b->value; }
static int by_index(const struct node *a, const struct node *b) { return a->index - b->index; }

// Merge sort without recursion: runs of 1, 2, 4, ... nodes are merged in pairs.
static struct node *sorted(struct node *list, int (*compare)(const struct node *, const struct node *))
{
    for (int run = 1, merges = 2; merges > 1; run *= 2) {
        struct node *rest = list, **end = &list;
        for (merges = 0; rest; merges++) {
            struct node *a = rest, *b = rest;
            int left = 0, right = run;
            while (left < run && b)
                left++, b = b->next;
            while (left || (right && b)) {
                int take_b = !left || (right && b && compare(a, b) > 0);
                struct node *taken = take_b ? b : a;
                if (take_b)
                    right--, b = b->next;
                else
                    left--, a = a->next;
                *end = taken;
                end = &taken->next;
            }
            rest = b;
        }
        *end = 0;
    }
    return list;
}

static uint16_t list_part(uint32_t seed)
{
    struct node *list = make_list(seed);
    uint16_t crc = 0;
    list = sorted(list, by_value);
    for (struct node *n = list; n; n = n->next)
        crc = crc16(crc, (uint16_t)n->value);
    list = sorted(reverse(list), by_index);
    for (struct node *n = list; n; n = n->next)
        crc = crc16(crc, (uint16_t)(n->value ^ n->index));
    return crc;
}

// Matrices

static uint16_t matrix_part(int16_t seed)
{
    static int16_t a[SIZE][SIZE], b[SIZE][SIZE];
    static int32_t c[SIZE][SIZE];
    uint16_t crc = 0;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (int16_t)(seed + i * 7 - j * 3);
            b[i][j] = (int16_t)(seed - i + j * 5);
        }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            c[i][j] = 0;
            for (int k = 0; k < SIZE; k++)
                c[i][j] += a[i][k] * b[k][j];
            crc = crc16(crc, (uint16_t)(c[i][j] >> 2 & 0x7fff));
        }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            crc = crc16(crc, (uint16_t)(c[i][j] % (a[j][i] | 1) + c[j][i] / (b[i][j] | 1)));
    return crc;
}

// A state machine that tells numbers from what is none

enum state { START, SIGN, INTEGER, FRACTION, EXPONENT, SCALE, INVALID, STATES };

static enum state next_state(enum state now, char c)
{
    int digit = c >= '0' && c <= '9';
    switch (now) {
    case START:
        return digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? FRACTION : INVALID;
    case SIGN:
        return digit ? INTEGER : c == '.' ? FRACTION : INVALID;
    case INTEGER:
        return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case FRACTION:
        return digit ? FRACTION : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return digit || c == '-' || c == '+' ? SCALE : INVALID;
    case SCALE:
        return digit ? SCALE : INVALID;
    default:
        return INVALID;
    }
}

static uint16_t state_part(int round)
{
    static const char *const texts[] = {"5012,1234,-874,+122,", "35.54400,.1234500,-110.700,+0.64400,",
                                        "5.500e+3,-.123e-2,-87e+832,+0.6e-12,", "T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^,"};
    unsigned counts[STATES] = {0};
    uint16_t crc = 0;
    for (const char *c = texts[round & 3]; *c;) {
        enum state now = START;
        for (; *c != ','; c++)
            now = next_state(now, *c);
        counts[now]++;
        c++;
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, (uint16_t)counts[i]);
    return crc;
}

int main(void)
{
    uint16_t list = 0, matrix = 0, state = 0;
    for (int round = 0; round < ROUNDS; round++) {
        list = crc16(list, list_part(0x3415u + (uint32_t)round));
        matrix = crc16(matrix, matrix_part((int16_t)(0x66 + round)));
        state = crc16(state, state_part(round));
    }
    printf("list %04x\nmatrix %04x\nstate %04x\n", list, matrix, state);
    return (list ^ matrix ^ state) & 0x7f;
}
