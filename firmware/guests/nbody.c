// Five bodies under gravity, SIZE steps of the symplectic Euler method in single precision.
#include "guest.h"

#pragma STDC FP_CONTRACT OFF

#ifndef SIZE
#define SIZE 200
#endif

enum { BODIES = 5 };

typedef struct {
    float x, y, z, vx, vy, vz, mass;
} body;

static body bodies[BODIES];

void prepare(void)
{
}

static void place(uint32_t seed)
{
    for (int i = 0; i < BODIES; i++) {
        float n = (float)i, off = (float)(seed >> (5 * i) & 31) * (1.0f / 256);
        bodies[i] = (body){n * 3 + off, n - 2, n * n * 0.25f, 0.1f * n, 0.4f - off, -0.05f * n,
                           i == 0 ? 10.0f : 0.5f / (n + 1)};
    }
}

static void advance(float dt)
{
    for (int i = 0; i < BODIES; i++) {
        body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            body *b = &bodies[j];
            float dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            float square = dx * dx + dy * dy + dz * dz + 0.01f;
            float pull = dt / (square * __builtin_sqrtf(square));
            a->vx -= dx * b->mass * pull;
            a->vy -= dy * b->mass * pull;
            a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull;
            b->vy += dy * a->mass * pull;
            b->vz += dz * a->mass * pull;
        }
    }
    for (int i = 0; i < BODIES; i++) {
        body *a = &bodies[i];
        a->x += dt * a->vx;
        a->y += dt * a->vy;
        a->z += dt * a->vz;
    }
}

uint32_t guest(uint32_t seed)
{
    uint32_t checksum = 0;
    place(seed);
    for (int step = 0; step < SIZE; step++)
        advance(0.01f);
    for (int i = 0; i < BODIES; i++)
        checksum = mix(checksum, bits_of(bodies[i].x) ^ bits_of(bodies[i].vy));
    return checksum;
}
