// Single precision: polynomials for sine, exponential and logarithm, a Fourier transform, linear
// equations, a root by bisection.
#include "guest.h"

#pragma STDC FP_CONTRACT OFF

#ifndef SIZE
#define SIZE 64
#endif

enum { SIDE = 8 };

static float re[SIZE], im[SIZE], a[SIDE][SIDE + 1];

static float sine(float x)
{
    float turns = x * 0.15915494f;
    x = (turns - (float)(int)(turns + (turns < 0 ? -0.5f : 0.5f))) * 6.2831853f;
    float y = x * x;
    return x * (1 - y * (0.16666667f - y * (0.0083333310f - y * (0.00019840874f - y * 2.7525562e-6f))));
}

static float exponential(float x)
{
    int k = (int)(x * 1.4426950f + (x < 0 ? -0.5f : 0.5f));
    float r = x - (float)k * 0.69314718f;
    float sum = 1 + r * (1 + r * (0.5f + r * (0.16666667f + r * (0.041666667f + r * 0.0083333333f))));
    union {
        uint32_t bits;
        float value;
    } power = {(uint32_t)(k + 127) << 23};
    return sum * power.value;
}

static float logarithm(float x)
{
    uint32_t bits = bits_of(x);
    int exponent = (int)(bits >> 23) - 127;
    union {
        uint32_t bits;
        float value;
    } part = {(bits & 0x7fffff) | 127u << 23};
    float t = (part.value - 1) / (part.value + 1), s = t * t;
    return (float)exponent * 0.69314718f + 2 * t * (1 + s * (0.33333333f + s * (0.2f + s * 0.14285714f)));
}

static float root(float x)
{
    return __builtin_sqrtf(x);
}

static void transform(void)
{
    for (int i = 1, j = 0; i < SIZE; i++) {
        int bit = SIZE >> 1;
        for (; j & bit; bit >>= 1)
            j ^= bit;
        j ^= bit;
        if (i < j) {
            float t = re[i];
            re[i] = re[j];
            re[j] = t;
            t = im[i];
            im[i] = im[j];
            im[j] = t;
        }
    }
    for (int half = 1; half < SIZE; half *= 2)
        for (int k = 0; k < half; k++) {
            float angle = -3.1415927f * (float)k / (float)half;
            float c = sine(angle + 1.5707963f), s = sine(angle);
            for (int i = k; i < SIZE; i += 2 * half) {
                int j = i + half;
                float x = re[j] * c - im[j] * s, y = re[j] * s + im[j] * c;
                re[j] = re[i] - x;
                im[j] = im[i] - y;
                re[i] += x;
                im[i] += y;
            }
        }
}

static float solve(void)
{
    for (int p = 0; p < SIDE; p++) {
        int best = p;
        for (int i = p + 1; i < SIDE; i++)
            if (__builtin_fabsf(a[i][p]) > __builtin_fabsf(a[best][p]))
                best = i;
        for (int j = 0; j <= SIDE; j++) {
            float t = a[p][j];
            a[p][j] = a[best][j];
            a[best][j] = t;
        }
        if (a[p][p] == 0)
            return 0;
        for (int i = p + 1; i < SIDE; i++) {
            float factor = a[i][p] / a[p][p];
            for (int j = p; j <= SIDE; j++)
                a[i][j] -= factor * a[p][j];
        }
    }
    float sum = 0;
    for (int i = SIDE; i-- > 0;) {
        float x = a[i][SIDE];
        for (int j = i + 1; j < SIDE; j++)
            x -= a[i][j] * a[j][SIDE];
        a[i][SIDE] = x / a[i][i];
        sum += a[i][SIDE];
    }
    return sum;
}

static float bisect(float goal)
{
    float low = 0, high = 8;
    while (high - low > 1e-4f) {
        float middle = 0.5f * (low + high);
        if (exponential(middle) + middle < goal)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void prepare(void)
{
}

uint32_t guest(uint32_t seed)
{
    uint32_t state = seed | 1, sum = 0;
    for (int i = 0; i < SIZE; i++) {
        re[i] = sine((float)(random32(&state) >> 20) * 0.01f);
        im[i] = 0;
    }
    transform();
    for (int i = 0; i < SIZE; i += 5)
        sum = mix(sum, bits_of(root(re[i] * re[i] + im[i] * im[i])));
    for (int i = 0; i < SIDE; i++)
        for (int j = 0; j <= SIDE; j++)
            a[i][j] = (float)(random32(&state) >> 16) * 0.0001f + (i == j ? 4.0f : 0.0f);
    sum = mix(sum, bits_of(solve()));
    for (int i = 1; i < 12; i++)
        sum = mix(sum, bits_of(logarithm(exponential((float)i * 0.37f))));
    return mix(sum, bits_of(bisect((float)(seed % 1000) + 2)));
}
