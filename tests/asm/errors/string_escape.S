_start:
    .ascii "a\qb"
