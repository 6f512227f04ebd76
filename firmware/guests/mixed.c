// Embedded chores in the proportions of CoreMark: a linked list searched, reversed and sorted, a
// product of small matrices of 16-bit integers, numbers scanned by a state machine, a CRC of it all.
#include "guest.h"

#ifndef SIZE
#define SIZE 128
#endif

enum { SIDE = 10, TEXT = 256 };

typedef struct node {
    struct node *next;
    int16_t key, value;
} node;

static node nodes[SIZE];
static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static int32_t product[SIDE][SIDE];
static char text[TEXT];

void prepare(void)
{
    static const char alphabet[16] = "0123456789+-.e, ";
    uint32_t state = 3;
    for (int i = 0; i < TEXT; i++)
        text[i] = alphabet[random32(&state) >> 28];
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            left[i][j] = (int16_t)(random32(&state) >> 20);
            right[i][j] = (int16_t)(random32(&state) >> 20);
        }
}

static uint16_t crc16(uint16_t crc, uint32_t word)
{
    for (int bit = 0; bit < 16; bit++, word >>= 1)
        crc = (uint16_t)((crc ^ word) & 1 ? crc >> 1 ^ 0xa001 : crc >> 1);
    return crc;
}

// The list

static node *reverse(node *list)
{
    node *done = 0;
    while (list) {
        node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static const node *find(const node *list, int16_t key)
{
    while (list && list->key != key)
        list = list->next;
    return list;
}

static int by_key(const node *a, const node *b)
{
    return a->key - b->key;
}

static int by_value(const node *a, const node *b)
{
    return (a->value & 0xff) - (b->value & 0xff);
}

// Merge sort from below: runs of 1, 2, 4, ... nodes, the order given by a function.
static node *sorted(node *list, int (*order)(const node *, const node *))
{
    for (int run = 1;; run *= 2) {
        node *rest = list, **end = &list;
        int merges = 0;
        while (rest) {
            node *a = rest, *b = rest;
            int of_a = 0, of_b = run;
            for (merges++; b && of_a < run; of_a++)
                b = b->next;
            while (of_a > 0 || (of_b > 0 && b)) {
                node **from = of_a > 0 && (of_b == 0 || !b || order(a, b) <= 0) ? &a : &b;
                if (from == &a)
                    of_a--;
                else
                    of_b--;
                *end = *from;
                end = &(*from)->next;
                *from = (*from)->next;
            }
            rest = b;
        }
        *end = 0;
        if (merges <= 1)
            return list;
    }
}

static uint16_t list_work(uint32_t seed, uint16_t crc)
{
    uint32_t state = seed | 1;
    for (int i = 0; i < SIZE; i++) {
        uint32_t random = random32(&state);
        nodes[i] = (node){i + 1 < SIZE ? &nodes[i + 1] : 0, (int16_t)(random % SIZE),
                          (int16_t)(random >> 16)};
    }
    node *list = nodes;
    for (int16_t i = 0; i < 16; i++) {
        const node *found = find(list, (int16_t)(7 * i));
        crc = crc16(crc, found ? (uint16_t)found->value : 0xffffu);
        list = reverse(list);
    }
    list = sorted(list, by_value);
    crc = crc16(crc, (uint16_t)list->value);
    list = sorted(list, by_key);
    for (const node *at = list; at; at = at->next)
        crc = crc16(crc, (uint16_t)(at->key ^ at->value));
    return crc;
}

// The matrices

static uint16_t matrix_work(uint32_t seed, uint16_t crc)
{
    left[0][seed % SIDE] = (int16_t)(seed >> 8);
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j < SIDE; j++) {
            int32_t sum = 0;
            for (int k = 0; k < SIDE; k++) {
                int32_t term = left[i][k] * right[k][j];
                sum += (term >> 2 & 15) * (term >> 5 & 127);
            }
            product[i][j] = sum;
        }
    for (int i = 0; i < SIDE; i++)
        crc = crc16(crc, (uint32_t)product[i][(i + seed) % SIDE]);
    return crc;
}

// The numbers: a sign, digits, a fraction, an exponent, between commas

enum state { START, SIGNED, WHOLE, POINT, EXPONENT, POWER, INVALID, STATES };

static enum state after(enum state state, char c)
{
    int is_digit = c >= '0' && c <= '9', is_sign = c == '+' || c == '-';
    switch (state) {
    case START:
        return is_digit ? WHOLE : is_sign ? SIGNED : c == '.' ? POINT : INVALID;
    case SIGNED:
        return is_digit ? WHOLE : c == '.' ? POINT : INVALID;
    case WHOLE:
        return is_digit ? WHOLE : c == '.' ? POINT : c == 'e' ? EXPONENT : INVALID;
    case POINT:
        return is_digit ? POINT : c == 'e' ? EXPONENT : INVALID;
    case EXPONENT:
        return is_digit || is_sign ? POWER : INVALID;
    case POWER:
        return is_digit ? POWER : INVALID;
    default:
        return INVALID;
    }
}

static uint16_t scan_work(uint32_t seed, uint16_t crc)
{
    uint32_t ends[STATES] = {0};
    enum state state = START;
    text[seed % TEXT] = (char)('0' + seed % 10);
    for (int i = 0; i < TEXT; i++) {
        if (text[i] == ',' || text[i] == ' ') {
            ends[state]++;
            state = START;
        } else
            state = after(state, text[i]);
    }
    for (int i = 0; i < STATES; i++)
        crc = crc16(crc, ends[i]);
    return crc;
}

uint32_t guest(uint32_t seed)
{
    uint16_t crc = list_work(seed, 0xffff);
    crc = matrix_work(seed, crc);
    crc = scan_work(seed, crc);
    return mix(crc, scan_work(~seed, crc));
}
