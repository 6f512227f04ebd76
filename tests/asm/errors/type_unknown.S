_start:
    .type _start, @procedure
