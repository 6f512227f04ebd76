_start:
    .option fast
