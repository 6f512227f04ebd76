# C = A * B in INT4, A from 0 to 15, with `vsqpart.nu`. Contract in gemm.h.
.include "four_bits.S"
.include "integers.S"

.macro mac c, a, b
    vsqpart.nu \c, \b, \a
.endm

    kernel   gemm_int4_unsigned, gemm_panels
