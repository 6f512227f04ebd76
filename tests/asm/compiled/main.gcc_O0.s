	.file	"main.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_c2p0_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.globl	shared
	.section	.sdata,"aw"
	.align	2
	.type	shared, @object
	.size	shared, 4
shared:
	.word	7
	.comm	common_words,16,4
	.data
	.align	2
	.type	weights, @object
	.size	weights, 16
weights:
	.word	1056964608
	.word	1067450368
	.word	-1073741824
	.word	1077936128
	.text
	.align	1
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-32
	sw	ra,28(sp)
	sw	s0,24(sp)
	addi	s0,sp,32
	sw	zero,-20(s0)
	sw	zero,-24(s0)
	j	.L2
.L3:
	lui	a5,%hi(weights)
	addi	a4,a5,%lo(weights)
	lw	a5,-24(s0)
	slli	a5,a5,2
	add	a5,a4,a5
	flw	fa4,0(a5)
	lw	a5,-24(s0)
	fcvt.s.w	fa5,a5
	fmul.s	fa5,fa4,fa5
	flw	fa4,-20(s0)
	fadd.s	fa5,fa4,fa5
	fsw	fa5,-20(s0)
	lw	a5,-24(s0)
	addi	a5,a5,1
	sw	a5,-24(s0)
.L2:
	lw	a4,-24(s0)
	li	a5,3
	ble	a4,a5,.L3
	flw	fa5,-20(s0)
	fcvt.w.s a5,fa5,rtz
	mv	a0,a5
	call	work
	mv	a4,a0
	lui	a5,%hi(common_words)
	addi	a5,a5,%lo(common_words)
	lw	a5,8(a5)
	add	a5,a4,a5
	andi	a5,a5,127
	mv	a0,a5
	lw	ra,28(sp)
	lw	s0,24(sp)
	addi	sp,sp,32
	jr	ra
	.size	main, .-main
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
