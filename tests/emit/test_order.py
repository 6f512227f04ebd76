"""What compilers may do with an intrinsic: what is said about order, what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from c_compiler import COMPILERS, Compiler, code_of
from c_source import ODD, written

from rvx.description import load_machine
from rvx.emit.effect import Order, accrues_flags, effects_of
from rvx.model.decoder import Decoder

SHIPPED = "rv32imf_zicsr_zifencei_xdotp_xposit"
MACHINE = load_machine(SHIPPED, [ODD])


@pytest.mark.parametrize(
    ("mnemonics", "order", "memory"),
    [
        ("add lui mul div fsgnj.s fmv.x.w fclass.s odd.dot odd.swap odd.named", Order.FREE, False),
        ("fadd.s fmin.s feq.s fcvt.w.s odd.gain", Order.MODE, False),
        (
            "vfdotpex.h.b vfsum.b auipc odd.total odd.trap padd.s qmadd.s qclr.s pmv.x.w odd.queue",
            Order.STRICT,
            False,
        ),
        ("lw sb flw plw csrrs csrrwi fence fence.i wfi odd.next", Order.STRICT, True),
    ],
)
def test_order(mnemonics: str, order: Order, memory: bool) -> None:
    for mnemonic in mnemonics.split():
        effects = effects_of(MACHINE, MACHINE.instructions[mnemonic])
        assert (mnemonic, effects.order, effects.memory) == (mnemonic, order, memory)


@pytest.mark.parametrize(
    ("mnemonics", "accrues"),
    [
        ("fadd.s fdiv.s fmin.s feq.s flt.s fcvt.w.s fcvt.s.w vfdotpex.h.b odd.tiny", True),
        ("add div fsgnj.s fclass.s flw fmv.x.w padd.s qround.s pcvt.w.s odd.dot odd.gain", False),
    ],
)
def test_flags(mnemonics: str, accrues: bool) -> None:
    for mnemonic in mnemonics.split():
        assert (mnemonic, accrues_flags(MACHINE.instructions[mnemonic])) == (mnemonic, accrues)


BODY = """
extern float sum;
float sum;
void f(float a, uint32_t b);
void f(float a, uint32_t b)
{
    rvx_csrw(RVX_CSR_frm, 0);
    sum = rvx_fadd_s(sum, a);
    rvx_csrw(RVX_CSR_frm, 3);
    sum = rvx_fadd_s(sum, a);
    (void)rvx_fsub_s(sum, a);
    (void)rvx_mulh(b, b);
}
"""


@pytest.mark.parametrize("compiler", COMPILERS)
@pytest.mark.parametrize("relaxed", [False, True])
def test_modes_keep_their_order_and_unused_results_go(
    compiler: Compiler, relaxed: bool, tmp_path: Path
) -> None:
    source = written(tmp_path, SHIPPED, (ODD,), BODY)
    options = ("-DRVX_RELAXED",) if relaxed else ()
    code = code_of(compiler.compile(source, "c99", "-O2", *options))["f"]
    decoder = Decoder(MACHINE)
    words = [int.from_bytes(code[at : at + 4], "little") for at in range(0, len(code), 4)]
    found = [i.mnemonic for word in words if (i := decoder.decode(word))]
    of_interest = ("csrrw", "fadd.s", "fsub.s", "mulh")
    seen = [mnemonic for mnemonic in found if mnemonic in of_interest]
    if relaxed:
        assert sorted(seen) == ["csrrw", "csrrw", "fadd.s", "fadd.s"]
    else:
        assert seen == ["csrrw", "fadd.s", "csrrw", "fadd.s", "fsub.s"]
