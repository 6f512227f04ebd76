    .macro m a:rq
    .endm
_start:
