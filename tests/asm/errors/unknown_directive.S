_start:
    .wrod 1
