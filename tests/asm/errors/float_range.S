_start:
    .float 1e39
