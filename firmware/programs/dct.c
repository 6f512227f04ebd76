// A picture's blocks of 8 by 8 as JPEG treats them: cosine transform in integers, quantisation,
// zigzag and run-length code; then all of it back, and how much has been lost.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE = 48, ONE = 1 << 13 };

// cos(k pi / 16) in units of 1 / ONE
static const int cosines[8] = {8192, 8035, 7568, 6811, 5793, 4551, 3135, 1598};
static uint8_t picture[SIDE][SIDE], again[SIDE][SIDE];
static uint8_t code[SIDE * SIDE * 3];

static int cosine(int k)
{
    k &= 31;
    if (k > 16)
        k = 32 - k;
    return k == 8 ? 0 : k < 8 ? cosines[k] : -cosines[16 - k];
}

static int rounded(int64_t value, int by)
{
    return (int)((value + (by > 0 ? (int64_t)1 << (by - 1) : 0)) >> by);
}

// One dimension, forward or back, of eight values `step` apart.
static void transform(int *v, int step, int back)
{
    int64_t out[8];
    for (int k = 0; k < 8; k++) {
        out[k] = 0;
        for (int n = 0; n < 8; n++) {
            int u = back ? n : k, x = back ? k : n;
            int scale = u ? cosine((2 * x + 1) * u) : cosines[4];
            out[k] += (int64_t)v[n * step] * scale;
        }
    }
    for (int k = 0; k < 8; k++)
        v[k * step] = rounded(out[k], 14); // 1/2, which all eight of them have
}

static void transform_block(int v[64], int back)
{
    for (int i = 0; i < 8; i++)
        transform(v + 8 * i, 1, back);
    for (int i = 0; i < 8; i++)
        transform(v + i, 8, back);
}

static int step_of(int i)
{
    return 6 + 3 * (i / 8 + i % 8);
}

// The position of the n-th coefficient on the way along the diagonals.
static int zigzag(int n)
{
    for (int sum = 0, at = 0; sum < 15; sum++)
        for (int i = 0; i <= sum; i++) {
            int y = sum & 1 ? i : sum - i, x = sum - y;
            if (x < 8 && y < 8 && at++ == n)
                return 8 * y + x;
        }
    return 0;
}

static int encode(const int v[64], uint8_t *to)
{
    int length = 0, run = 0;
    for (int n = 0; n < 64; n++) {
        int i = zigzag(n), step = step_of(i), q = (abs(v[i]) + step / 2) / step;
        if (!q) {
            run++;
            continue;
        }
        q = v[i] < 0 ? -q : q;
        to[length++] = (uint8_t)run;
        to[length++] = (uint8_t)(q >> 8);
        to[length++] = (uint8_t)q;
        run = 0;
    }
    to[length++] = 255;
    return length;
}

static int decode(const uint8_t *from, int v[64])
{
    int length = 0;
    for (int i = 0; i < 64; i++)
        v[i] = 0;
    for (int n = 0; from[length] != 255; length += 3, n++) {
        n += from[length];
        int i = zigzag(n);
        v[i] = (int16_t)(from[length + 1] << 8 | from[length + 2]) * step_of(i);
    }
    return length + 1;
}

int main(void)
{
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
            picture[y][x] = (uint8_t)(128 + (x * y * 5 >> 6) - (x > 20 && y > 30) * 90 + (x * 31 + y * 17) % 7);
    int v[64], length = 0, worst = 0;
    for (int y = 0; y < SIDE; y += 8)
        for (int x = 0; x < SIDE; x += 8) {
            for (int i = 0; i < 64; i++)
                v[i] = picture[y + i / 8][x + i % 8] - 128;
            transform_block(v, 0);
            length += encode(v, code + length);
        }
    int read = 0;
    long square = 0;
    for (int y = 0; y < SIDE; y += 8)
        for (int x = 0; x < SIDE; x += 8) {
            read += decode(code + read, v);
            transform_block(v, 1);
            for (int i = 0; i < 64; i++) {
                int value = v[i] + 128, *error = &v[i];
                again[y + i / 8][x + i % 8] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
                *error = abs(again[y + i / 8][x + i % 8] - picture[y + i / 8][x + i % 8]);
                worst = *error > worst ? *error : worst;
                square += *error * *error;
            }
        }
    uint32_t hash = 2166136261u;
    for (int i = 0; i < length; i++)
        hash = (hash ^ code[i]) * 16777619u;
    printf("%d bytes of %d, hash %08x\n", length, SIDE * SIDE, (unsigned)hash);
    printf("error: worst %d, mean square %.4f\n", worst, (double)square / (SIDE * SIDE));
    return read == length ? worst : 1;
}
