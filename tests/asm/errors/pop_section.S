_start:
    .popsection
