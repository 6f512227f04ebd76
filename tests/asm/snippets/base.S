# Every shape of operands of the base ISA, with register names of both kinds.
.option norelax
.globl _start
_start:
    lui a0, 0xfffff
    lui x31, 0
    auipc t6, 0x12345
    add x1, x2, x3
    sub s0, fp, s11
    sll t0, t1, t2; slt a0, a1, a2; sltu a3, a4, a5
    xor a0, a0, a0
    srl a0, a1, a2
    sra a0, a1, a2
    or a0, a1, a2
    and a0, a1, a2
    addi a0, a1, -2048
    addi a0, a1, 2047
    addi a0, a1, 0x7ff
    addi a0, a1, 0b101
    addi a0, a1, 'A'
    addi a0, a1, '\n'
    andi a0, a1, 0xfffffff0
    xori a0, a1, ~5
    slti a0, a1, -1
    sltiu a0, a1, 1
    slli a0, a1, 31
    srli a0, a1, 0
    srai a0, a1, 17
    lb a0, 0(a1)
    lbu a0, -1(a1)
    lh a0, 2(a1)
    lhu a0, (a1)
    lw a0, 2047(sp)
    sb a0, -2048(gp)
    sh a0, 6(tp)
    sw ra, (sp)
    fence
    fence rw, w
    fence iorw, iorw
    fence i, o
    fence.tso
    ecall
    ebreak
    nop
    mv a0, a1
    not a0, a1
    neg a0, a1
    seqz a0, a1
    snez a0, a1
    sltz a0, a1
    sgtz a0, a1
    sgt a0, a1, a2
    sgtu a0, a1, a2
    mul a0, a1, a2
    mulh a0, a1, a2
    mulhsu a0, a1, a2
    mulhu a0, a1, a2
    div a0, a1, a2
    divu a0, a1, a2
    rem a0, a1, a2
    remu a0, a1, a2
    jr a0
    jr 8(a0)
    jalr a0
    jalr 4(a0)
    jalr a0, a1
    jalr a0, a1, 16
    jalr a0, -4(a1)
    ret
    csrrw a0, mstatus, a1
    csrrs a0, 0x300, a1
    csrrc a0, mepc, zero
    csrrwi a0, mtvec, 31
    csrrsi a0, fflags, 0
    csrrci zero, frm, 7
    csrr a0, mcause
    csrw mtval, a0
    csrs mie, a0
    csrc mip, a0
    csrwi mscratch, 1
    csrsi mstatus, 8
    csrci mstatus, 8
    rdcycle a0
    rdinstreth a1
