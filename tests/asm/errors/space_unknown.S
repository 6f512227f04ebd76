_start:
    .space end
end:
