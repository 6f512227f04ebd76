// The format-select CSR of MiniFloat-NN, where ALT says that operands are in the other format of their
// width: it is 0 but while operands are made and multiplied, so that halves are fp16 elsewhere.
// Bit 0 is the format of results, bit 1 that of sources (isa/xdotp.isa).
#ifndef RVX_NUMBERS_MINIFLOAT_H
#define RVX_NUMBERS_MINIFLOAT_H

#if !ALT
#define RVX_RELAXED // no mode is changed, no flag read
#endif
#include <rvx.h>

#if ALT
#define BEGIN_PACKING() rvx_csrwi(RVX_CSR_fmode, 1)
#define END_PACKING() rvx_csrwi(RVX_CSR_fmode, 0)
#define END_PRODUCT() rvx_csrwi(RVX_CSR_fmode, 0)
#endif

#endif
