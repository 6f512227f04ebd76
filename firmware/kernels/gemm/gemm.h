/* GEMM: C = A * B. The contract of all variants.
 *
 * A is m by k; B is k by n and given transposed, as Bt, n by k, so that both are read along k; C is
 * m by n. m, n and k are at least 1, otherwise any.
 *
 * Matrices are row-major and each row starts on a word: a row of 8-bit or 16-bit elements is padded
 * to a multiple of four bytes, in the operands with zeros. The padding of C may be overwritten.
 * A, Bt and C do not overlap.
 *
 * Rounding is by frm, in floating point; an accumulation starts from +0. Flags accrue. The
 * functions follow the ilp32f calling convention; a kernel for posits uses the quire (gemm_xposit32 pt0 to pt4),
 * one for minifloats leaves the format-select CSR (0x800) as it set it.
 */
#ifndef RVX_KERNELS_GEMM_H
#define RVX_KERNELS_GEMM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RV32IMF. In 4x4 tiles; each element summed in the order of k, rounded k times. */
void gemm_fp32(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *bt, float *c);

/* RV32IMF. Element by element, with the result of gemm_fp32. */
void gemm_fp32_dot(uint32_t m, uint32_t n, uint32_t k, const float *a, const float *bt, float *c);

/* Xdotp. FP8 to FP16 in 4x4 tiles. An element is the sum of two: one over k % 4 = 0, 1 and one over
 * k % 4 = 2, 3, each rounded once every two terms; their sum is rounded once more.
 * gemm_fp8 takes E5M2, gemm_fp8alt takes FP8alt (E4M3 with infinities and NaNs, not OCP's). */
void gemm_fp8(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt, uint16_t *c);
void gemm_fp8alt(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt,
                 uint16_t *c);

/* Xdotp. fp16, or bfloat16, to FP32 in 4x4 tiles; each element rounded once every two terms. */
void gemm_fp16(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt, float *c);
void gemm_bf16(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt, float *c);

/* Xdotp where there is D, so that registers have eight bytes, and rows of A and Bt start on as many.
 * An element is the sum of four over k % 8 / 2 (FP8: added in pairs) or of two over k % 4 / 2, each
 * rounded once every two terms, as is each sum of sums. */
void gemm_fp8_64(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt,
                 uint16_t *c);
void gemm_fp8alt_64(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt,
                    uint16_t *c);
void gemm_fp16_64(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt,
                  float *c);
void gemm_bf16_64(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt,
                  float *c);

/* Xposit. Posit32; each element the exact sum, rounded once. */
void gemm_xposit32(uint32_t m, uint32_t n, uint32_t k, const uint32_t *a, const uint32_t *bt,
                   uint32_t *c);

/* Xpositvec. Each element the exact sum, rounded once: of posit8 to posit16, of others to posit32,
 * of bounded posits to their own format. */
void gemm_posit32(uint32_t m, uint32_t n, uint32_t k, const uint32_t *a, const uint32_t *bt,
                  uint32_t *c);
void gemm_posit16(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt,
                  uint32_t *c);
void gemm_posit8(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt,
                 uint16_t *c);
void gemm_bposit32(uint32_t m, uint32_t n, uint32_t k, const uint32_t *a, const uint32_t *bt,
                   uint32_t *c);

/* Xpositvec without a quire, in 4x4 tiles. As many sums of posits of the operands' format as a word
 * has elements, each rounded once every so many terms; then their sum, in wider posits. */
void gemm_posit32_mac(uint32_t m, uint32_t n, uint32_t k, const uint32_t *a, const uint32_t *bt,
                      uint32_t *c);
void gemm_posit16_mac(uint32_t m, uint32_t n, uint32_t k, const uint16_t *a, const uint16_t *bt,
                      uint32_t *c);
void gemm_posit8_mac(uint32_t m, uint32_t n, uint32_t k, const uint8_t *a, const uint8_t *bt,
                     uint16_t *c);

/* Operands in panels, as `packed` of the system's header in firmware/numbers makes them (panels.h):
 * blocks or vectors along k with a scale each, four rows side by side; C is plain fp32. Each takes
 * words of packed matrices for A and Bt, is otherwise as above, and reads no further than they go.
 * An element is one fp32 sum from +0, rounded once a word, unless it says otherwise.
 *
 * Xmx, blocks of 32: MXFP8 of E4M3 or E5M2, MXFP6 of E2M3 or E3M2 (both four elements a word), and
 * MXFP4 (eight). */
typedef uint32_t gemm_word;
void gemm_mxfp8(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                float *c);
void gemm_mxfp8e5m2(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                    float *c);
void gemm_mxfp6(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                float *c);
void gemm_mxfp6e3m2(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                    float *c);
void gemm_mxfp4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                float *c);

/* Xnvfp4, blocks of 16 and a scale of the whole: that of both matrices is rounded once, and their
 * product with the sum once more. */
void gemm_nvfp4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
                float *c);

/* Xvsq, integers in vectors of 16 (vsq4) and 64 (vsq8): exact sums modulo 2^32, rounded to fp32, then
 * as gemm_nvfp4. No sum of vsq8 reaches 2^31 up to k = 591, of vsq4 up to k = 11041. */
void gemm_vsq4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
               float *c);
void gemm_vsq8(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
               float *c);

/* Xvsq and Xfp4, or Xluq: INT4, A with or without a sign, as gemm_vsq4; and INT4 with a gradient,
 * which is A or B, as gemm_nvfp4. Headers of the matrices say which they are; the phase of radix-4
 * gradients goes to r4phase. */
void gemm_ibm4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
               float *c);
void gemm_gradient_ibm4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a,
                        const gemm_word *bt, float *c);
void gemm_luq4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a, const gemm_word *bt,
               float *c);
void gemm_gradient_luq4(uint32_t m, uint32_t n, uint32_t k, const gemm_word *a,
                        const gemm_word *bt, float *c);

#ifdef __cplusplus
}
#endif

#endif
