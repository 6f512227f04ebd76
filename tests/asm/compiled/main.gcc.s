	.file	"main.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_c2p0_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
.Ltext0:
	.cfi_sections	.debug_frame
	.file 0 "." "main.c"
	.section	.text.startup,"ax",@progbits
	.align	1
	.globl	main
	.type	main, @function
main:
.LFB0:
	.file 1 "main.c"
	.loc 1 8 1
	.cfi_startproc
	.loc 1 9 5
.LVL0:
	.loc 1 10 5
	.loc 1 10 10
	.loc 1 10 23
	.loc 1 11 9
	.loc 1 10 29
	.loc 1 10 23
	.loc 1 11 9
	.loc 1 10 29
	.loc 1 10 23
	.loc 1 11 9
	.loc 1 10 29
	.loc 1 10 23
	.loc 1 11 9
	.loc 1 10 29
	.loc 1 10 23
	.loc 1 12 5
	.loc 1 8 1 is_stmt 0
	addi	sp,sp,-16
	.cfi_def_cfa_offset 16
	.loc 1 12 13
	li	a0,6
	.loc 1 8 1
	sw	ra,12(sp)
	.cfi_offset 1, -4
	.loc 1 12 13
	call	work
.LVL1:
	.loc 1 12 42
	lui	a5,%hi(common_words+8)
	.loc 1 12 28
	lw	a5,%lo(common_words+8)(a5)
	.loc 1 13 1
	lw	ra,12(sp)
	.cfi_restore 1
	.loc 1 12 28
	add	a0,a0,a5
	.loc 1 13 1
	andi	a0,a0,127
	addi	sp,sp,16
	.cfi_def_cfa_offset 0
	jr	ra
	.cfi_endproc
.LFE0:
	.size	main, .-main
	.comm	common_words,16,4
	.globl	shared
	.section	.sdata,"aw"
	.align	2
	.type	shared, @object
	.size	shared, 4
shared:
	.word	7
	.text
.Letext0:
	.section	.debug_info,"",@progbits
.Ldebug_info0:
	.4byte	0xdd
	.2byte	0x5
	.byte	0x1
	.byte	0x4
	.4byte	.Ldebug_abbrev0
	.byte	0x5
	.4byte	.LASF7
	.byte	0x1d
	.4byte	.LASF0
	.4byte	.LASF1
	.4byte	.LLRL0
	.4byte	0
	.4byte	.Ldebug_line0
	.byte	0x1
	.4byte	.LASF3
	.byte	0x2
	.4byte	0x36
	.byte	0x5
	.byte	0x3
	.4byte	shared
	.byte	0x6
	.byte	0x4
	.byte	0x5
	.string	"int"
	.byte	0x2
	.4byte	0x36
	.4byte	0x4c
	.byte	0x3
	.4byte	0x4c
	.byte	0
	.byte	0x4
	.byte	0x7
	.4byte	.LASF2
	.byte	0x1
	.4byte	.LASF4
	.byte	0x3
	.4byte	0x3d
	.byte	0x5
	.byte	0x3
	.4byte	common_words
	.byte	0x2
	.4byte	0x71
	.4byte	0x71
	.byte	0x3
	.4byte	0x4c
	.byte	0
	.byte	0x4
	.byte	0x4
	.4byte	.LASF5
	.byte	0x7
	.4byte	.LASF6
	.byte	0x1
	.byte	0x5
	.byte	0xe
	.4byte	0x62
	.byte	0x8
	.4byte	.LASF8
	.byte	0x1
	.byte	0x4
	.byte	0x5
	.4byte	0x36
	.4byte	0x99
	.byte	0x9
	.4byte	0x36
	.byte	0
	.byte	0xa
	.4byte	.LASF9
	.byte	0x1
	.byte	0x7
	.byte	0x5
	.4byte	0x36
	.4byte	.LFB0
	.4byte	.LFE0-.LFB0
	.byte	0x1
	.byte	0x9c
	.byte	0xb
	.string	"sum"
	.byte	0x1
	.byte	0x9
	.byte	0xb
	.4byte	0x71
	.byte	0x4
	.4byte	0x40c80000
	.byte	0xc
	.4byte	0xd0
	.byte	0xd
	.string	"i"
	.byte	0x1
	.byte	0xa
	.byte	0xe
	.4byte	0x36
	.byte	0
	.byte	0xe
	.4byte	.LVL1
	.4byte	0x83
	.byte	0xf
	.byte	0x1
	.byte	0x5a
	.byte	0x1
	.byte	0x36
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_abbrev,"",@progbits
.Ldebug_abbrev0:
	.byte	0x1
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
	.byte	0x21
	.byte	0x5
	.byte	0x49
	.byte	0x13
	.byte	0x3f
	.byte	0x19
	.byte	0x2
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0x2
	.byte	0x1
	.byte	0x1
	.byte	0x49
	.byte	0x13
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x3
	.byte	0x21
	.byte	0
	.byte	0x49
	.byte	0x13
	.byte	0x2f
	.byte	0x21
	.byte	0x3
	.byte	0
	.byte	0
	.byte	0x4
	.byte	0x24
	.byte	0
	.byte	0xb
	.byte	0x21
	.byte	0x4
	.byte	0x3e
	.byte	0xb
	.byte	0x3
	.byte	0xe
	.byte	0
	.byte	0
	.byte	0x5
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
	.byte	0x55
	.byte	0x17
	.byte	0x11
	.byte	0x1
	.byte	0x10
	.byte	0x17
	.byte	0
	.byte	0
	.byte	0x6
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
	.byte	0x7
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
	.byte	0x8
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
	.byte	0x3c
	.byte	0x19
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0x9
	.byte	0x5
	.byte	0
	.byte	0x49
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xa
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
	.byte	0
	.byte	0
	.byte	0xb
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0x8
	.byte	0x3a
	.byte	0xb
	.byte	0x3b
	.byte	0xb
	.byte	0x39
	.byte	0xb
	.byte	0x49
	.byte	0x13
	.byte	0x1c
	.byte	0xa
	.byte	0
	.byte	0
	.byte	0xc
	.byte	0xb
	.byte	0x1
	.byte	0x1
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xd
	.byte	0x34
	.byte	0
	.byte	0x3
	.byte	0x8
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
	.byte	0xe
	.byte	0x48
	.byte	0x1
	.byte	0x7d
	.byte	0x1
	.byte	0x7f
	.byte	0x13
	.byte	0
	.byte	0
	.byte	0xf
	.byte	0x49
	.byte	0
	.byte	0x2
	.byte	0x18
	.byte	0x7e
	.byte	0x18
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_aranges,"",@progbits
	.4byte	0x1c
	.2byte	0x2
	.4byte	.Ldebug_info0
	.byte	0x4
	.byte	0
	.2byte	0
	.2byte	0
	.4byte	.LFB0
	.4byte	.LFE0-.LFB0
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
.LLRL0:
	.byte	0x6
	.4byte	.LFB0
	.4byte	.LFE0
	.byte	0
.Ldebug_ranges3:
	.section	.debug_line,"",@progbits
.Ldebug_line0:
	.section	.debug_str,"MS",@progbits,1
.LASF2:
	.string	"unsigned int"
.LASF3:
	.string	"shared"
.LASF7:
	.string	"GNU C17 12.2.0 -mabi=ilp32f -misa-spec=20191213 -march=rv32imfc_zicsr -g -O2 -fcommon -fno-pic -ffreestanding"
.LASF6:
	.string	"weights"
.LASF8:
	.string	"work"
.LASF9:
	.string	"main"
.LASF5:
	.string	"float"
.LASF4:
	.string	"common_words"
	.section	.debug_line_str,"MS",@progbits,1
.LASF1:
	.string	"."
.LASF0:
	.string	"main.c"
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
