_start:
    j far
    .section .far, "ax"
    .skip 0x200000
far:
