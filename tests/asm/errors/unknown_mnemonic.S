# No such instruction, but one spelled nearly so.
_start:
    adi a0, a0, 1
