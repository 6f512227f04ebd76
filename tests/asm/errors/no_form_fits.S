_start:
    jalr 5, 6
