# A tile whose sums are cleared before the first step, which then is as all others. Contract in tile.S.
.macro mac0 c, a, b
    mac      \c, \a, \b
.endm

.macro open44
    clear44
    jr       t6
.endm

.macro apart44
.endm
