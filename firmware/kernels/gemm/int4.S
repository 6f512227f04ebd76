# C = A * B in INT4, both signed, with `vsqpart.n`. Contract in gemm.h.
.include "four_bits.S"
.include "integers.S"

.macro mac c, a, b
    vsqpart.n \c, \a, \b
.endm

    kernel   gemm_int4, gemm_panels
