# The instructions that hold random programs together, by the part they play. Only which
# instruction each label names counts, not its operands.
upper:    lui     x0, 0
add:      addi    x0, x0, 0
sum:      add     x0, x0, x0
mask:     andi    x0, x0, 0
below:    sltiu   x0, x0, 0
load:     lw      x0, 0(x0)
half:     lhu     x0, 0(x0)
store:    sw      x0, 0(x0)
differ:   bne     x0, x0, .
negative: blt     x0, x0, .
jump:     jal     x0, .
leap:     jalr    x0, 0(x0)
write:    csrrw   x0, mscratch, x0
set:      csrrs   x0, mscratch, x0
clear:    csrrc   x0, mscratch, x0
return:   mret

# Where the machine has it.
synchronize: fence.i
