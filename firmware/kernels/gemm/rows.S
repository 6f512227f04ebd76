# How C takes a tile, by what is said of four sums of a row and of one, each of which moves its
# pointer on: `store_row p, c0, c1, c2, c3` and `store_one p, c`. Contract in tile.S.
.macro store44
    store_row t2, f10, f11, f12, f13
    store_row s7, f14, f15, f16, f17
    store_row s8, f28, f29, f30, f31
    store_row s9, f18, f19, f20, f21
.endm

.macro store14
    store_row t2, f10, f11, f12, f13
.endm

.macro store41
    store_one t2, f10
    store_one s7, f14
    store_one s8, f28
    store_one s9, f18
.endm

.macro dot_store
    store_one t2, f10
.endm
