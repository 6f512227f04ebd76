_start:
    csrr a0, mstatsu
