// C = A B in MXFP8 (E4M3, a scale E8M0 for 32), quantised already, to fp32: with `mxdot.s`, and on
// RV32IMF, three ways. What a core without the instruction has to do is part of the kernel.
//
//   mxfp8         packed in panels; gemm_mxfp8
//   mx_table      elements looked up in a table of 256 floats and multiplied by their scale, once;
//                 then gemm_fp32
//   mx_bits       elements made floats by a shift and a mask, and multiplied by their scale times
//                 2^120, which also makes subnormals right, once; then gemm_fp32
//   mx_blocks     elements looked up, once; gemm_fp32 for each block of k, whose result is multiplied
//                 by the product of both scales, an integer addition and a shift, and added to C
//
// To software A and Bt are what is best for it: rows of bytes, padded to words, then rows of scales,
// padded to words. Scales may be 2^-100 to 2^7. `room` has a float for each element of A, B
// and C.
#include "kernel.h"

void KERNEL(mxgemm)(uint32_t m, uint32_t n, uint32_t k, const operand *a, const operand *bt,
                    wide *c, wide *room);
