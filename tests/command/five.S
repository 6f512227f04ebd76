# Uses each of the five once; the exit status is 0 if every result is right.
        .globl  _start
_start: li      a0, 10
        li      a1, 0x01FF0302          # 1, -1, 3, 2
        li      a2, 0x7F80FF04          # 127, -128, -1, 4
        five.dot a0, a1, a2             # 10 + 127 + 128 - 3 + 8
        li      t0, 270
        li      a7, 1
        bne     a0, t0, fail

        li      t0, 0x30302010          # e3m4: 1, 1, 0.5, 0.25
        fmv.w.x fa1, t0
        li      t0, 0x40302010          # e3m4: 2, 1, 0.5, 0.25
        fmv.w.x fa2, t0
        fmv.w.x fa0, zero
        five.fma fa0, fa1, fa2          # 2 + 1 + 0.25 + 0.0625
        fmv.x.w a0, fa0
        li      t0, 0x40540000
        li      a7, 2
        bne     a0, t0, fail

        li      a1, 0x0A000500
        li      a2, 0x00FF0503
        five.sad a0, a1, a2             # 10 + 255 + 0 + 3
        five.sad a0, a1, a2
        li      t0, 536
        li      a7, 3
        bne     a0, t0, fail

        la      a1, table
        five.lh2 a0, 2(a1)
        five.lh2 a2, 2(a1)
        li      t0, -2468
        li      a7, 4
        bne     a0, t0, fail
        li      t0, 32767
        bne     a2, t0, fail

        li      a7, 5
        li      a1, 0x11223344
        li      a2, 0x44332211
        five.bany a1, a2, fail          # no byte in place
        li      a2, 0x44223311
        five.bany a1, a2, good
fail:   mv      a0, a7
        j       exit
good:   li      a0, 0
exit:   li      a7, 93
        ecall
        .data
table:  .half   -1234, 30000
