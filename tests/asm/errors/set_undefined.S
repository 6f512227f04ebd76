_start:
    .set a, elsewhere + 4
