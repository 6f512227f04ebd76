_start:
    .section .text, "aw"
