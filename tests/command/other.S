# Uses each of the five once; prints "ok" and exits with 0 if every result is right.
        .globl  _start
_start: li      a7, 1
        li      a0, 0x64F60A01          # 100, -10, 10, 1
        li      a1, 0x0A0B0302          # 10, 11, 3, 2
        li      a2, 0x0AF50403          # 10, -11, 4, 3
        other.mac a0, a1, a2            # 127 (saturated), -128 (saturated), 22, 7
        li      t0, 0x7F801607
        bne     a0, t0, exit

        li      a7, 2
        li      a1, 0x22222222          # fp4: eight times 1
        li      a2, 0x7531F642          # 6, 3, 1.5, 0.5, -6, 4, 2, 1
        other.mean fa0, a1, a2          # 12 / 8
        li      a2, 0x00000001
        other.mean fa1, a1, a2, rup     # 0.5 / 8
        fadd.s  fa0, fa0, fa1
        fmv.x.w a0, fa0
        li      t0, 0x3FC80000          # 1.5625
        bne     a0, t0, exit

        li      a7, 3
        li      a1, -70000
        other.peak a0, a1
        li      a1, 69999
        other.peak a0, a1
        csrr    a1, peak
        bne     a0, a1, exit
        li      t0, 70000
        bne     a0, t0, exit

        li      a7, 4
        la      a1, word
        li      a2, 0x0A6B6F
        other.swap a0, a2, (a1)         # "no" out, "ok" in
        li      t0, 0x0A6F6E
        bne     a0, t0, exit

        li      a7, 5
        li      a0, 31
        other.bnei a0, 31, exit
        other.bnei a0, 30, good
        j       exit

good:   li      a0, 1
        la      a1, word
        li      a2, 3
        li      a7, 64
        ecall
        li      a7, 0
exit:   mv      a0, a7
        li      a7, 93
        ecall

        .data
word:   .asciz  "no\n"
