	.file	"strings.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_c2p0_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
.Ltext0:
	.cfi_sections	.debug_frame
	.file 0 "." "strings.c"
	.align	1
	.type	add, @function
add:
.LFB0:
	.file 1 "strings.c"
	.loc 1 9 30
	.cfi_startproc
.LVL0:
	.loc 1 9 32
	.loc 1 9 46 is_stmt 0
	add	a0,a0,a1
.LVL1:
	ret
	.cfi_endproc
.LFE0:
	.size	add, .-add
	.align	1
	.type	scale, @function
scale:
.LFB1:
	.loc 1 10 32 is_stmt 1
	.cfi_startproc
.LVL2:
	.loc 1 10 34
	.loc 1 10 43 is_stmt 0
	mul	a0,a0,a1
.LVL3:
	.loc 1 10 47
	lui	a5,%hi(shared)
	lw	a5,%lo(shared)(a5)
	.loc 1 10 57
	add	a0,a0,a5
	ret
	.cfi_endproc
.LFE1:
	.size	scale, .-scale
	.align	1
	.globl	length
	.type	length, @function
length:
.LFB2:
	.loc 1 14 1 is_stmt 1
	.cfi_startproc
.LVL4:
	.loc 1 15 5
	.loc 1 16 5
	.loc 1 16 12
	lbu	a5,0(a0)
	.loc 1 14 1 is_stmt 0
	mv	a4,a0
	.loc 1 15 9
	li	a0,0
.LVL5:
	.loc 1 16 12
	beq	a5,zero,.L7
.LVL6:
.L6:
	.loc 1 17 9 is_stmt 1
	.loc 1 17 14 is_stmt 0
	addi	a0,a0,1
.LVL7:
	.loc 1 16 12 is_stmt 1
	.loc 1 16 16 is_stmt 0
	add	a5,a4,a0
	.loc 1 16 12
	lbu	a5,0(a5)
	bne	a5,zero,.L6
	ret
.LVL8:
.L7:
	.loc 1 18 5 is_stmt 1
	.loc 1 19 1 is_stmt 0
	ret
	.cfi_endproc
.LFE2:
	.size	length, .-length
	.align	1
	.globl	choose
	.type	choose, @function
choose:
.LFB3:
	.loc 1 22 1 is_stmt 1
	.cfi_startproc
.LVL9:
	.loc 1 23 5
	.loc 1 23 19 is_stmt 0
	li	a5,7
	rem	a0,a0,a5
.LVL10:
	li	a5,5
	bgtu	a0,a5,.L11
	lui	a5,%hi(.LANCHOR0)
	slli	a0,a0,2
	addi	a5,a5,%lo(.LANCHOR0)
	add	a5,a5,a0
	lw	a0,0(a5)
	ret
.L11:
	li	a0,0
	.loc 1 32 1
	ret
	.cfi_endproc
.LFE3:
	.size	choose, .-choose
	.align	1
	.globl	work
	.type	work, @function
work:
.LFB4:
	.loc 1 35 1 is_stmt 1
	.cfi_startproc
.LVL11:
	.loc 1 36 5
	.loc 1 35 1 is_stmt 0
	addi	sp,sp,-48
	.cfi_def_cfa_offset 48
	sw	s2,32(sp)
	.cfi_offset 18, -16
	lui	s2,%hi(.LANCHOR0)
	sw	s1,36(sp)
	addi	s2,s2,%lo(.LANCHOR0)
	lui	a3,%hi(add)
	.cfi_offset 9, -12
.LBB7:
	.loc 1 38 25
	lui	s1,%hi(operations)
.LBE7:
	.loc 1 35 1
	sw	s0,40(sp)
	sw	s3,28(sp)
	sw	s4,24(sp)
	sw	s5,20(sp)
	sw	s6,16(sp)
	sw	s7,12(sp)
	sw	ra,44(sp)
	.cfi_offset 8, -8
	.cfi_offset 19, -20
	.cfi_offset 20, -24
	.cfi_offset 21, -28
	.cfi_offset 22, -32
	.cfi_offset 23, -36
	.cfi_offset 1, -4
	.loc 1 35 1
	mv	s0,a0
.LVL12:
	.loc 1 37 5 is_stmt 1
.LBB20:
	.loc 1 37 10
	.loc 1 37 23
	addi	s7,s2,24
.LBE20:
	.loc 1 35 1 is_stmt 0
	li	a5,111
	addi	a3,a3,%lo(add)
.LBB21:
	.loc 1 37 14
	li	s6,0
.LBB8:
.LBB9:
	.loc 1 23 19
	li	s5,7
	li	s4,6
.LBE9:
.LBE8:
	.loc 1 37 23
	li	s3,4
	.loc 1 38 25
	addi	s1,s1,%lo(operations)
.LVL13:
.L17:
	.loc 1 38 9 is_stmt 1 discriminator 3
	.loc 1 38 50 is_stmt 0 discriminator 3
	lw	a4,0(s7)
.LVL14:
.LBB12:
.LBB13:
	.loc 1 15 5 is_stmt 1 discriminator 3
	.loc 1 16 5 discriminator 3
	.loc 1 16 12 discriminator 3
	.loc 1 15 9 is_stmt 0 discriminator 3
	li	a1,0
	.loc 1 16 12 discriminator 3
	beq	a5,zero,.L13
.LVL15:
.L14:
	.loc 1 17 9 is_stmt 1
	.loc 1 17 14 is_stmt 0
	addi	a1,a1,1
.LVL16:
	.loc 1 16 12 is_stmt 1
	.loc 1 16 16 is_stmt 0
	add	a5,a4,a1
	.loc 1 16 12
	lbu	a5,0(a5)
	bne	a5,zero,.L14
.LVL17:
.L13:
	.loc 1 18 5 is_stmt 1
.LBE13:
.LBE12:
	.loc 1 38 15 is_stmt 0
	mv	a0,s0
	jalr	a3
.LVL18:
	.loc 1 39 16
	andi	a5,a0,1023
.LBB16:
.LBB10:
	.loc 1 23 19
	rem	a5,a5,s5
.LBE10:
.LBE16:
	.loc 1 38 15
	mv	s0,a0
.LVL19:
	.loc 1 39 9 is_stmt 1
.LBB17:
.LBB11:
	.loc 1 23 5
	beq	a5,s4,.L15
.LBE11:
.LBE17:
	.loc 1 39 13 is_stmt 0
	slli	a5,a5,2
	add	a5,s2,a5
	lw	a5,0(a5)
	add	s0,a0,a5
.LVL20:
.L15:
	.loc 1 37 29 is_stmt 1
	addi	s6,s6,1
.LVL21:
	.loc 1 37 23
	addi	s7,s7,4
	beq	s6,s3,.L16
.LBB18:
.LBB14:
	.loc 1 16 16 is_stmt 0
	lw	a4,0(s7)
.LBE14:
.LBE18:
	.loc 1 38 28
	andi	a5,s6,1
	.loc 1 38 25
	slli	a5,a5,2
	add	a5,s1,a5
	lw	a3,0(a5)
.LBB19:
.LBB15:
	.loc 1 16 16
	lbu	a5,0(a4)
	j	.L17
.L16:
.LBE15:
.LBE19:
.LBE21:
	.loc 1 41 5 is_stmt 1
	.loc 1 41 8 is_stmt 0
	lui	a5,%hi(maybe)
	addi	a5,a5,%lo(maybe)
	beq	a5,zero,.L18
	.loc 1 42 9 is_stmt 1
	.loc 1 42 16 is_stmt 0
	call	maybe
.LVL22:
	.loc 1 42 13
	add	s0,s0,a0
.LVL23:
.L18:
	.loc 1 43 5 is_stmt 1
	.loc 1 43 21 is_stmt 0
	lui	a5,%hi(common_words+8)
	.loc 1 45 1
	lw	ra,44(sp)
	.cfi_restore 1
	.loc 1 43 21
	sw	s0,%lo(common_words+8)(a5)
	.loc 1 44 5 is_stmt 1
	.loc 1 45 1 is_stmt 0
	slli	a0,s0,1
	lw	s0,40(sp)
	.cfi_restore 8
.LVL24:
	lw	s1,36(sp)
	.cfi_restore 9
	lw	s2,32(sp)
	.cfi_restore 18
	lw	s3,28(sp)
	.cfi_restore 19
	lw	s4,24(sp)
	.cfi_restore 20
	lw	s5,20(sp)
	.cfi_restore 21
	lw	s6,16(sp)
	.cfi_restore 22
.LVL25:
	lw	s7,12(sp)
	.cfi_restore 23
	addi	sp,sp,48
	.cfi_def_cfa_offset 0
	jr	ra
	.cfi_endproc
.LFE4:
	.size	work, .-work
	.section	.rodata.str1.4,"aMS",@progbits,1
	.align	2
.LC0:
	.string	"one"
	.align	2
.LC1:
	.string	"two"
	.align	2
.LC2:
	.string	"three"
	.comm	common_words,16,4
	.section	.rodata
	.align	2
	.set	.LANCHOR0,. + 0
	.type	CSWTCH.6, @object
	.size	CSWTCH.6, 24
CSWTCH.6:
	.word	1
	.word	5
	.word	-9
	.word	40
	.word	2
	.word	77
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
	.weak	maybe
	.text
.Letext0:
	.section	.debug_info,"",@progbits
.Ldebug_info0:
	.4byte	0x278
	.2byte	0x5
	.byte	0x1
	.byte	0x4
	.4byte	.Ldebug_abbrev0
	.byte	0x10
	.4byte	.LASF14
	.byte	0x1d
	.4byte	.LASF0
	.4byte	.LASF1
	.4byte	.Ltext0
	.4byte	.Letext0-.Ltext0
	.4byte	.Ldebug_line0
	.byte	0x11
	.4byte	.LASF3
	.byte	0x1
	.byte	0x2
	.byte	0xc
	.4byte	0x32
	.byte	0x12
	.byte	0x4
	.byte	0x5
	.string	"int"
	.byte	0x3
	.4byte	0x32
	.4byte	0x48
	.byte	0x4
	.4byte	0x48
	.byte	0
	.byte	0x5
	.byte	0x4
	.byte	0x7
	.4byte	.LASF2
	.byte	0x13
	.4byte	.LASF4
	.byte	0x1
	.byte	0x3
	.byte	0x5
	.4byte	0x39
	.byte	0x5
	.byte	0x3
	.4byte	common_words
	.byte	0x3
	.4byte	0x7a
	.4byte	0x70
	.byte	0x4
	.4byte	0x48
	.byte	0
	.byte	0x1
	.4byte	0x61
	.byte	0x6
	.4byte	0x86
	.byte	0x1
	.4byte	0x75
	.byte	0x5
	.byte	0x1
	.byte	0x8
	.4byte	.LASF5
	.byte	0x1
	.4byte	0x7f
	.byte	0x7
	.4byte	.LASF6
	.byte	0x4
	.byte	0x1a
	.4byte	0x70
	.byte	0x5
	.byte	0x3
	.4byte	names
	.byte	0x3
	.4byte	0xb1
	.4byte	0xa7
	.byte	0x14
	.byte	0
	.byte	0x1
	.4byte	0x9c
	.byte	0x6
	.4byte	0xb6
	.byte	0x1
	.4byte	0xac
	.byte	0x15
	.4byte	0x32
	.4byte	0xca
	.byte	0x8
	.4byte	0x32
	.byte	0x8
	.4byte	0x32
	.byte	0
	.byte	0x7
	.4byte	.LASF7
	.byte	0x5
	.byte	0x14
	.4byte	0xa7
	.byte	0x5
	.byte	0x3
	.4byte	operations
	.byte	0x16
	.4byte	.LASF15
	.byte	0x1
	.byte	0x7
	.byte	0x1b
	.4byte	0x32
	.byte	0x17
	.4byte	.LASF16
	.byte	0x1
	.byte	0x22
	.byte	0x5
	.4byte	0x32
	.4byte	.LFB4
	.4byte	.LFE4-.LFB4
	.byte	0x1
	.byte	0x9c
	.4byte	0x196
	.byte	0x18
	.4byte	.LASF12
	.byte	0x1
	.byte	0x22
	.byte	0xe
	.4byte	0x32
	.4byte	.LLST5
	.byte	0x9
	.string	"sum"
	.byte	0x24
	.byte	0x9
	.4byte	0x32
	.4byte	.LLST6
	.byte	0x19
	.4byte	.LLRL7
	.4byte	0x18c
	.byte	0x9
	.string	"i"
	.byte	0x25
	.byte	0xe
	.4byte	0x32
	.4byte	.LLST8
	.byte	0xa
	.4byte	0x196
	.4byte	.LBB8
	.4byte	.LLRL9
	.byte	0x27
	.byte	0x10
	.4byte	0x153
	.byte	0x2
	.4byte	0x1a4
	.4byte	.LLST10
	.byte	0
	.byte	0xa
	.4byte	0x1b0
	.4byte	.LBB12
	.4byte	.LLRL11
	.byte	0x26
	.byte	0xf
	.4byte	0x17f
	.byte	0x2
	.4byte	0x1be
	.4byte	.LLST12
	.byte	0x1a
	.4byte	.LLRL11
	.byte	0xb
	.4byte	0x1c9
	.4byte	.LLST13
	.byte	0
	.byte	0
	.byte	0x1b
	.4byte	.LVL18
	.byte	0x1c
	.byte	0x1
	.byte	0x5a
	.byte	0x2
	.byte	0x78
	.byte	0
	.byte	0
	.byte	0
	.byte	0x1d
	.4byte	.LVL22
	.4byte	0xdb
	.byte	0
	.byte	0xc
	.4byte	.LASF8
	.byte	0x15
	.4byte	0x32
	.4byte	0x1b0
	.byte	0xd
	.4byte	.LASF10
	.byte	0x15
	.byte	0x10
	.4byte	0x32
	.byte	0
	.byte	0xc
	.4byte	.LASF9
	.byte	0xd
	.4byte	0x32
	.4byte	0x1d6
	.byte	0xd
	.4byte	.LASF11
	.byte	0xd
	.byte	0x18
	.4byte	0x75
	.byte	0x1e
	.4byte	.LASF17
	.byte	0x1
	.byte	0xf
	.byte	0x9
	.4byte	0x32
	.byte	0
	.byte	0x1f
	.4byte	.LASF13
	.byte	0x1
	.byte	0xa
	.byte	0xc
	.4byte	0x32
	.4byte	.LFB1
	.4byte	.LFE1-.LFB1
	.byte	0x1
	.byte	0x9c
	.4byte	0x209
	.byte	0xe
	.string	"a"
	.byte	0xa
	.byte	0x16
	.4byte	0x32
	.4byte	.LLST1
	.byte	0xf
	.string	"b"
	.byte	0xa
	.byte	0x1d
	.4byte	0x32
	.byte	0x1
	.byte	0x5b
	.byte	0
	.byte	0x20
	.string	"add"
	.byte	0x1
	.byte	0x9
	.byte	0xc
	.4byte	0x32
	.4byte	.LFB0
	.4byte	.LFE0-.LFB0
	.byte	0x1
	.byte	0x9c
	.4byte	0x23c
	.byte	0xe
	.string	"a"
	.byte	0x9
	.byte	0x14
	.4byte	0x32
	.4byte	.LLST0
	.byte	0xf
	.string	"b"
	.byte	0x9
	.byte	0x1b
	.4byte	0x32
	.byte	0x1
	.byte	0x5b
	.byte	0
	.byte	0x21
	.4byte	0x1b0
	.4byte	.LFB2
	.4byte	.LFE2-.LFB2
	.byte	0x1
	.byte	0x9c
	.4byte	0x262
	.byte	0x2
	.4byte	0x1be
	.4byte	.LLST2
	.byte	0xb
	.4byte	0x1c9
	.4byte	.LLST3
	.byte	0
	.byte	0x22
	.4byte	0x196
	.4byte	.LFB3
	.4byte	.LFE3-.LFB3
	.byte	0x1
	.byte	0x9c
	.byte	0x2
	.4byte	0x1a4
	.4byte	.LLST4
	.byte	0
	.byte	0
	.section	.debug_abbrev,"",@progbits
.Ldebug_abbrev0:
	.byte	0x1
	.byte	0x26
	.byte	0
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x2
	.byte	0x5
	.byte	0
	.byte	0x31
	.byte	0x13
	.byte	0x2
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0x3
	.byte	0x1
	.byte	0x1
	.byte	0x49
	.byte	0x13
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x4
	.byte	0x21
	.byte	0
	.byte	0x49
	.byte	0x13
	.byte	0x2f
	.byte	0x21
	.byte	0x3
	.byte	0
	.byte	0
	.byte	0x5
	.byte	0x24
	.byte	0
	.byte	0xb
	.byte	0xb
	.byte	0x3e
	.byte	0xb
	.byte	0x3
	.byte	0xe
	.byte	0
	.byte	0
	.byte	0x6
	.byte	0xf
	.byte	0
	.byte	0xb
	.byte	0x21
	.byte	0x4
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x7
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x2
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0x8
	.byte	0x5
	.byte	0
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x9
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0x8
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x2
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0xa
	.byte	0x1d
	.byte	0x1
	.byte	0x31
	.byte	0x13
	.byte	0x52
	.byte	0x1
	.byte	0x55
	.byte	0x17
	.byte	0x58
	.byte	0x21
	.byte	0x1
	.byte	0x59
	.byte	0xb
	.byte	0x57
	.byte	0xb
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xb
	.byte	0x34
	.byte	0
	.byte	0x31
	.byte	0x13
	.byte	0x2
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0xc
	.byte	0x2e
	.byte	0x1
	.byte	0x3f
	.byte	0x19
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0x21
	.byte	0x5
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x20
	.byte	0x21
	.byte	0x1
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xd
	.byte	0x5
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xe
	.byte	0x5
	.byte	0
	.byte	0x3
	.byte	0x8
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x2
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0xf
	.byte	0x5
	.byte	0
	.byte	0x3
	.byte	0x8
	.byte	0x3a
	.byte	0x21
	.byte	0x1
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x2
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0x10
	.byte	0x11
	.byte	0x1
	.byte	0x25
	.byte	0xe
	.byte	0x13
	.byte	0xb
	.byte	0x3
	.byte	0x1f
	.byte	0x1b
	.byte	0x1f
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x10
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0x11
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x3f
	.byte	0x19
	.byte	0x3c
	.byte	0x19
	.byte	0
	.byte	0
	.byte	0x12
	.byte	0x24
	.byte	0
	.byte	0xb
	.byte	0xb
	.byte	0x3e
	.byte	0xb
	.byte	0x3
	.byte	0x8
	.byte	0
	.byte	0
	.byte	0x13
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x3f
	.byte	0x19
	.byte	0x2
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0x14
	.byte	0x21
	.byte	0
	.byte	0
	.byte	0
	.byte	0x15
	.byte	0x15
	.byte	0x1
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x16
	.byte	0x2e
	.byte	0
	.byte	0x3f
	.byte	0x19
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x3c
	.byte	0x19
	.byte	0
	.byte	0
	.byte	0x17
	.byte	0x2e
	.byte	0x1
	.byte	0x3f
	.byte	0x19
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x40
	.byte	0x18
	.byte	0x7a
	.byte	0x19
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x18
	.byte	0x5
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x2
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0x19
	.byte	0xb
	.byte	0x1
	.byte	0x55
	.byte	0x17
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x1a
	.byte	0xb
	.byte	0x1
	.byte	0x55
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0x1b
	.byte	0x48
	.byte	0x1
	.byte	0x7d
	.byte	0x1
	.byte	0
	.byte	0
	.byte	0x1c
	.byte	0x49
	.byte	0
	.byte	0x2
	.byte	0x18
	.byte	0x7e
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0x1d
	.byte	0x48
	.byte	0
	.byte	0x7d
	.byte	0x1
	.byte	0x7f
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x1e
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x1f
	.byte	0x2e
	.byte	0x1
	.byte	0x3
	.byte	0xe
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x40
	.byte	0x18
	.byte	0x7a
	.byte	0x19
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x20
	.byte	0x2e
	.byte	0x1
	.byte	0x3
	.byte	0x8
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x27
	.byte	0x19
	.byte	0x49
	.byte	0x13
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x40
	.byte	0x18
	.byte	0x7a
	.byte	0x19
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x21
	.byte	0x2e
	.byte	0x1
	.byte	0x31
	.byte	0x13
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x40
	.byte	0x18
	.byte	0x7a
	.byte	0x19
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x22
	.byte	0x2e
	.byte	0x1
	.byte	0x31
	.byte	0x13
	.byte	0x11
	.byte	0x1
	.byte	0x12
	.byte	0x6
	.byte	0x40
	.byte	0x18
	.byte	0x7a
	.byte	0x19
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_loclists,"",@progbits
	.4byte	.Ldebug_loc3-.Ldebug_loc2
.Ldebug_loc2:
	.2byte	0x5
	.byte	0x4
	.byte	0
	.4byte	0
.Ldebug_loc0:
.LLST5:
	.byte	0x7
	.4byte	.LVL11
	.4byte	.LVL13
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL13
	.4byte	.LFE4
	.byte	0x4
	.byte	0xa3
	.byte	0x1
	.byte	0x5a
	.byte	0x9f
	.byte	0
.LLST6:
	.byte	0x7
	.4byte	.LVL12
	.4byte	.LVL13
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL13
	.4byte	.LVL20
	.byte	0x1
	.byte	0x58
	.byte	0x7
	.4byte	.LVL23
	.4byte	.LVL24
	.byte	0x1
	.byte	0x58
	.byte	0x7
	.4byte	.LVL24
	.4byte	.LFE4
	.byte	0x5
	.byte	0x3
	.4byte	common_words+8
	.byte	0
.LLST8:
	.byte	0x7
	.4byte	.LVL12
	.4byte	.LVL13
	.byte	0x2
	.byte	0x30
	.byte	0x9f
	.byte	0x7
	.4byte	.LVL13
	.4byte	.LVL25
	.byte	0x1
	.byte	0x66
	.byte	0
.LLST10:
	.byte	0x7
	.4byte	.LVL19
	.4byte	.LVL20
	.byte	0x7
	.byte	0x78
	.byte	0
	.byte	0xa
	.2byte	0x3ff
	.byte	0x1a
	.byte	0x9f
	.byte	0
.LLST12:
	.byte	0x7
	.4byte	.LVL14
	.4byte	.LVL17
	.byte	0x1
	.byte	0x5e
	.byte	0
.LLST13:
	.byte	0x7
	.4byte	.LVL14
	.4byte	.LVL15
	.byte	0x2
	.byte	0x30
	.byte	0x9f
	.byte	0x7
	.4byte	.LVL15
	.4byte	.LVL17
	.byte	0x1
	.byte	0x5b
	.byte	0
.LLST1:
	.byte	0x7
	.4byte	.LVL2
	.4byte	.LVL3
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL3
	.4byte	.LFE1
	.byte	0x4
	.byte	0xa3
	.byte	0x1
	.byte	0x5a
	.byte	0x9f
	.byte	0
.LLST0:
	.byte	0x7
	.4byte	.LVL0
	.4byte	.LVL1
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL1
	.4byte	.LFE0
	.byte	0x4
	.byte	0xa3
	.byte	0x1
	.byte	0x5a
	.byte	0x9f
	.byte	0
.LLST2:
	.byte	0x7
	.4byte	.LVL4
	.4byte	.LVL5
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL5
	.4byte	.LFE2
	.byte	0x1
	.byte	0x5e
	.byte	0
.LLST3:
	.byte	0x7
	.4byte	.LVL4
	.4byte	.LVL6
	.byte	0x2
	.byte	0x30
	.byte	0x9f
	.byte	0x7
	.4byte	.LVL6
	.4byte	.LVL8
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL8
	.4byte	.LFE2
	.byte	0x2
	.byte	0x30
	.byte	0x9f
	.byte	0
.LLST4:
	.byte	0x7
	.4byte	.LVL9
	.4byte	.LVL10
	.byte	0x1
	.byte	0x5a
	.byte	0x7
	.4byte	.LVL10
	.4byte	.LFE3
	.byte	0x4
	.byte	0xa3
	.byte	0x1
	.byte	0x5a
	.byte	0x9f
	.byte	0
.Ldebug_loc3:
	.section	.debug_aranges,"",@progbits
	.4byte	0x1c
	.2byte	0x2
	.4byte	.Ldebug_info0
	.byte	0x4
	.byte	0
	.2byte	0
	.2byte	0
	.4byte	.Ltext0
	.4byte	.Letext0-.Ltext0
	.4byte	0
	.4byte	0
	.section	.debug_rnglists,"",@progbits
.Ldebug_ranges0:
	.4byte	.Ldebug_ranges3-.Ldebug_ranges2
.Ldebug_ranges2:
	.2byte	0x5
	.byte	0x4
	.byte	0
	.4byte	0
.LLRL7:
	.byte	0x6
	.4byte	.LBB7
	.4byte	.LBE7
	.byte	0x6
	.4byte	.LBB20
	.4byte	.LBE20
	.byte	0x6
	.4byte	.LBB21
	.4byte	.LBE21
	.byte	0
.LLRL9:
	.byte	0x6
	.4byte	.LBB8
	.4byte	.LBE8
	.byte	0x6
	.4byte	.LBB16
	.4byte	.LBE16
	.byte	0x6
	.4byte	.LBB17
	.4byte	.LBE17
	.byte	0
.LLRL11:
	.byte	0x6
	.4byte	.LBB12
	.4byte	.LBE12
	.byte	0x6
	.4byte	.LBB18
	.4byte	.LBE18
	.byte	0x6
	.4byte	.LBB19
	.4byte	.LBE19
	.byte	0
.Ldebug_ranges3:
	.section	.debug_line,"",@progbits
.Ldebug_line0:
	.section	.debug_str,"MS",@progbits,1
.LASF2:
	.string	"unsigned int"
.LASF3:
	.string	"shared"
.LASF12:
	.string	"seed"
.LASF14:
	.string	"GNU C17 12.2.0 -mabi=ilp32f -misa-spec=20191213 -march=rv32imfc_zicsr -g -O2 -fcommon -fno-pic -ffreestanding"
.LASF9:
	.string	"length"
.LASF7:
	.string	"operations"
.LASF17:
	.string	"count"
.LASF16:
	.string	"work"
.LASF15:
	.string	"maybe"
.LASF11:
	.string	"text"
.LASF8:
	.string	"choose"
.LASF13:
	.string	"scale"
.LASF6:
	.string	"names"
.LASF5:
	.string	"char"
.LASF10:
	.string	"which"
.LASF4:
	.string	"common_words"
	.section	.debug_line_str,"MS",@progbits,1
.LASF0:
	.string	"strings.c"
.LASF1:
	.string	"."
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
