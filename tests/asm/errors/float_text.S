_start:
    .float 1.5, one
