_start:
    auipc a0, %pcrel_hi(value)
    lw a0, %pcrel_lo(value)(a0)
    .data
value: .word 1
