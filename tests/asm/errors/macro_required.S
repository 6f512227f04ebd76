    .macro m a:req
    .endm
_start:
    m
