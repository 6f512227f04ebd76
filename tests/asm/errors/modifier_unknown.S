_start:
    lui a0, %higher(_start)
