# Floating-point instructions, with and without the rounding mode.
.option norelax
.globl _start
_start:
    fadd.s f0, f1, f2
    fadd.s ft0, ft1, ft2, rne
    fsub.s fa0, fa1, fa2, rtz
    fmul.s fs0, fs1, fs11, rdn
    fdiv.s fa0, fa1, fa2, rup
    fsqrt.s fa0, fa1, rmm
    fsqrt.s fa0, fa1, dyn
    fmadd.s fa0, fa1, fa2, fa3
    fmsub.s fa0, fa1, fa2, fa3, rtz
    fnmsub.s fa0, fa1, fa2, fa3
    fnmadd.s fa0, fa1, fa2, fa3
    fsgnj.s fa0, fa1, fa2
    fsgnjn.s fa0, fa1, fa2
    fsgnjx.s fa0, fa1, fa2
    fmin.s fa0, fa1, fa2
    fmax.s fa0, fa1, fa2
    fcvt.w.s a0, fa0
    fcvt.w.s a0, fa0, rtz
    fcvt.wu.s a0, fa0, rne
    fcvt.s.w fa0, a0
    fcvt.s.wu fa0, a0, rdn
    fmv.x.w a0, fa0
    fmv.w.x fa0, a0
    feq.s a0, fa0, fa1
    flt.s a0, fa0, fa1
    fle.s a0, fa0, fa1
    fgt.s a0, fa0, fa1
    fge.s a0, fa0, fa1
    fclass.s a0, fa0
    flw fa0, 4(a0)
    fsw fa0, -4(a0)
    fmv.s fa0, fa1
    fabs.s fa0, fa1
    fneg.s fa0, fa1
    frcsr a0
    fscsr a0
    fscsr a0, a1
    frrm a0
    fsrm a0
    fsrm a0, a1
    fsrmi 1
    frflags a0
    fsflags a0
    fsflags a0, a1
    fsflagsi 3
