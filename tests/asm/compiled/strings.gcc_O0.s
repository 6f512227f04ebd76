	.file	"strings.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_c2p0_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.comm	common_words,16,4
	.section	.rodata
	.align	2
.LC0:
	.string	"one"
	.align	2
.LC1:
	.string	"two"
	.align	2
.LC2:
	.string	"three"
	.align	2
	.type	names, @object
	.size	names, 16
names:
	.word	.LC0
	.word	.LC1
	.word	.LC2
	.word	.LC1
	.section	.srodata,"a"
	.align	2
	.type	operations, @object
	.size	operations, 8
operations:
	.word	add
	.word	scale
	.text
	.align	1
	.type	add, @function
add:
	addi	sp,sp,-32
	sw	s0,28(sp)
	addi	s0,sp,32
	sw	a0,-20(s0)
	sw	a1,-24(s0)
	lw	a4,-20(s0)
	lw	a5,-24(s0)
	add	a5,a4,a5
	mv	a0,a5
	lw	s0,28(sp)
	addi	sp,sp,32
	jr	ra
	.size	add, .-add
	.align	1
	.type	scale, @function
scale:
	addi	sp,sp,-32
	sw	s0,28(sp)
	addi	s0,sp,32
	sw	a0,-20(s0)
	sw	a1,-24(s0)
	lw	a4,-20(s0)
	lw	a5,-24(s0)
	mul	a4,a4,a5
	lui	a5,%hi(shared)
	lw	a5,%lo(shared)(a5)
	add	a5,a4,a5
	mv	a0,a5
	lw	s0,28(sp)
	addi	sp,sp,32
	jr	ra
	.size	scale, .-scale
	.align	1
	.globl	length
	.type	length, @function
length:
	addi	sp,sp,-48
	sw	s0,44(sp)
	addi	s0,sp,48
	sw	a0,-36(s0)
	sw	zero,-20(s0)
	j	.L6
.L7:
	lw	a5,-20(s0)
	addi	a5,a5,1
	sw	a5,-20(s0)
.L6:
	lw	a5,-20(s0)
	lw	a4,-36(s0)
	add	a5,a4,a5
	lbu	a5,0(a5)
	bne	a5,zero,.L7
	lw	a5,-20(s0)
	mv	a0,a5
	lw	s0,44(sp)
	addi	sp,sp,48
	jr	ra
	.size	length, .-length
	.align	1
	.globl	choose
	.type	choose, @function
choose:
	addi	sp,sp,-32
	sw	s0,28(sp)
	addi	s0,sp,32
	sw	a0,-20(s0)
	lw	a4,-20(s0)
	li	a5,7
	rem	a5,a4,a5
	li	a4,5
	bgtu	a5,a4,.L10
	slli	a4,a5,2
	lui	a5,%hi(.L12)
	addi	a5,a5,%lo(.L12)
	add	a5,a4,a5
	lw	a5,0(a5)
	jr	a5
	.section	.rodata
	.align	2
	.align	2
.L12:
	.word	.L17
	.word	.L16
	.word	.L15
	.word	.L14
	.word	.L13
	.word	.L11
	.text
.L17:
	li	a5,1
	j	.L18
.L16:
	li	a5,5
	j	.L18
.L15:
	li	a5,-9
	j	.L18
.L14:
	li	a5,40
	j	.L18
.L13:
	li	a5,2
	j	.L18
.L11:
	li	a5,77
	j	.L18
.L10:
	li	a5,0
.L18:
	mv	a0,a5
	lw	s0,28(sp)
	addi	sp,sp,32
	jr	ra
	.size	choose, .-choose
	.align	1
	.globl	work
	.type	work, @function
work:
	addi	sp,sp,-48
	sw	ra,44(sp)
	sw	s0,40(sp)
	sw	s1,36(sp)
	addi	s0,sp,48
	sw	a0,-36(s0)
	lw	a5,-36(s0)
	sw	a5,-20(s0)
	sw	zero,-24(s0)
	j	.L20
.L21:
	lw	a5,-24(s0)
	andi	a5,a5,1
	lui	a4,%hi(operations)
	addi	a4,a4,%lo(operations)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	s1,0(a5)
	lui	a5,%hi(names)
	addi	a4,a5,%lo(names)
	lw	a5,-24(s0)
	slli	a5,a5,2
	add	a5,a4,a5
	lw	a5,0(a5)
	mv	a0,a5
	call	length
	mv	a5,a0
	mv	a1,a5
	lw	a0,-20(s0)
	jalr	s1
	sw	a0,-20(s0)
	lw	a5,-20(s0)
	andi	a5,a5,1023
	mv	a0,a5
	call	choose
	mv	a4,a0
	lw	a5,-20(s0)
	add	a5,a5,a4
	sw	a5,-20(s0)
	lw	a5,-24(s0)
	addi	a5,a5,1
	sw	a5,-24(s0)
.L20:
	lw	a4,-24(s0)
	li	a5,3
	ble	a4,a5,.L21
	lui	a5,%hi(maybe)
	addi	a5,a5,%lo(maybe)
	beq	a5,zero,.L22
	call	maybe
	mv	a4,a0
	lw	a5,-20(s0)
	add	a5,a5,a4
	sw	a5,-20(s0)
.L22:
	lui	a5,%hi(common_words)
	addi	a5,a5,%lo(common_words)
	lw	a4,-20(s0)
	sw	a4,8(a5)
	lui	a5,%hi(common_words)
	addi	a5,a5,%lo(common_words)
	lw	a4,8(a5)
	lw	a5,-20(s0)
	add	a5,a4,a5
	mv	a0,a5
	lw	ra,44(sp)
	lw	s0,40(sp)
	lw	s1,36(sp)
	addi	sp,sp,48
	jr	ra
	.size	work, .-work
	.weak	maybe
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
