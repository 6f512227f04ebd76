_start:
    .ascii "no end
