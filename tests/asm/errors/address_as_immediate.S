_start:
    addi a0, a0, table
    .data
table: .word 1
