_start:
    .option arch, +zba
