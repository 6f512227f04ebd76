# Tiles over the words of f registers: WORD is 4, or 8 where there is D.
.include "tile.S"

.macro load_word r, o, p
    .if      WORD == 8
    fld      \r, \o(\p)
    .else
    flw      \r, \o(\p)
    .endif
.endm

.macro store_word r, o, p
    .if      WORD == 8
    fsd      \r, \o(\p)
    .else
    fsw      \r, \o(\p)
    .endif
.endm
