_start:
    .option pop
