// The values of all codes of E4M3.
#ifndef RVX_KERNELS_E4M3_TABLE_H
#define RVX_KERNELS_E4M3_TABLE_H

#define E4M3_VALUE(s, e, m) (s (float)((e) ? (8 + (m)) << ((e)-1) : (m)) / 512)
#define E4M3_HALF_BINADE(s, e, m)                                                                 \
    E4M3_VALUE(s, e, m), E4M3_VALUE(s, e, m + 1), E4M3_VALUE(s, e, m + 2), E4M3_VALUE(s, e, m + 3)
#define E4M3_BINADE(s, e) E4M3_HALF_BINADE(s, e, 0), E4M3_HALF_BINADE(s, e, 4)
#define E4M3_BINADES(s, e)                                                                        \
    E4M3_BINADE(s, e), E4M3_BINADE(s, e + 1), E4M3_BINADE(s, e + 2), E4M3_BINADE(s, e + 3)
#define E4M3_SIGN(s)                                                                              \
    E4M3_BINADES(s, 0), E4M3_BINADES(s, 4), E4M3_BINADES(s, 8), E4M3_BINADE(s, 12),               \
        E4M3_BINADE(s, 13), E4M3_BINADE(s, 14), E4M3_HALF_BINADE(s, 15, 0),                       \
        E4M3_VALUE(s, 15, 4), E4M3_VALUE(s, 15, 5), E4M3_VALUE(s, 15, 6), __builtin_nanf("")

static const float e4m3_table[256] = {E4M3_SIGN(+), E4M3_SIGN(-)};

#endif
