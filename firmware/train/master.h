// The number system in which master weights are kept: what the system given by SYSTEM computes in,
// stored as it is. Kernels compiled over this header are called NAME_VARIANT_master.
#ifndef RVX_TRAIN_MASTER_H
#define RVX_TRAIN_MASTER_H

#define wide narrow
#define get get_narrow
#define put put_narrow
#define pitch pitch_narrow
#include SYSTEM
#define RVX_NUMBERS_REST
#include "roles.h"
#undef wide
#undef get
#undef put
#undef pitch

typedef real wide;

static inline real get(const wide *at) { return *at; }
static inline void put(wide *at, real value) { *at = value; }
static inline uint32_t pitch(uint32_t columns) { return columns; }

#endif
