_start:
    .space end - start + 1
start:
    .space start - _start + 1
end:
