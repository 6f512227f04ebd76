# Branches and jumps: labels before and behind, numeric ones, and distances from here.
.option norelax
.globl _start
_start:
begin:
1:  beq a0, a1, 1f
    bne a0, a1, 1b
2:  blt a0, a1, 2b
1:  bge a0, a1, 2f
    bltu a0, a1, 1b
2:  bgeu a0, a1, end
    beqz a0, end
    bnez a0, end
    blez a0, end
    bgez a0, end
    bltz a0, end
    bgtz a0, end
    bgt a0, a1, begin
    ble a0, a1, begin
    bgtu a0, a1, begin
    bleu a0, a1, begin
    j end
    jal end
    jal t0, end
    beq a0, a1, . + 8
    j . - 4
    j end + 4
end:
    ret
    j .Llocal
    .skip 4080
.Llocal:
    beq a0, a1, .Llocal - 4096
    nop
