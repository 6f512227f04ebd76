_start:
    .set a, b + 1
    .set b, a + 1
    .word a
