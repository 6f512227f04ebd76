"""What depends on where an expression stands: locals, control flow, formats chosen at run time."""

from __future__ import annotations

from number_formats import BF16, FP16, FP32, POSIT32, W32
from number_harness import Native, add, decode, encode, rows

from rvx.model import ir
from rvx.number import Fixed, Rounding

ODD = ir.CompareWords("<", ir.WordLocal("w0", 32), ir.Constant(0x40000000, 32))


def local(name: str) -> ir.Number:
    """A local that is a number."""
    return ir.NumberLocal(name, None, False)


def rounded(e: ir.Number) -> ir.Number:
    """To fp32."""
    return ir.Rounded(e, ir.Named("fp32", FP32), None, FP32.span, False)


def test_a_local_rounded_at_each_step() -> None:
    a, b, c = (decode(i, FP32) for i in range(3))
    body = [
        ir.SetLocal("s.1", rounded(add(a, b))),
        ir.SetLocal("s.2", rounded(add(local("s.1"), add(b, c, "*")))),
        ir.SetLocal("s.3", add(local("s.2"), local("s.1"), "*")),
    ]
    native = Native(encode(add(local("s.3"), c), FP32), [32] * 3, Rounding.RUP, body)
    native.check(rows([FP32] * 3, 2000))


def test_pending_flags_of_a_local_vanish_in_a_posit() -> None:
    body = [ir.SetLocal("s", rounded(ir.Quotient(decode(0, FP32), decode(1, FP32))))]
    Native(encode(local("s"), POSIT32), [32] * 2, body=body).check(rows([FP32] * 2, 500))


def test_a_local_of_both_branches() -> None:
    a, b, c = (decode(i, FP32) for i in range(3))
    body = [
        ir.SetLocal("before", add(a, b)),
        ir.IfElse(
            ODD,
            (ir.SetLocal("s", rounded(add(a, b, "*"))),),
            (ir.SetLocal("t", rounded(c)), ir.SetLocal("s", add(local("t"), local("before")))),
        ),
    ]
    native = Native(encode(add(local("s"), c, "-"), FP32), [32] * 3, Rounding.RDN, body)
    native.check(rows([FP32] * 3, 2000))
    assert native.check(rows([FP32] * 3, 10, seed=9)) > 10


def choice(width: int = 1) -> ir.Choice:
    """fp16 or bf16, by the word w2."""
    return ir.Choice("half", ir.WordLocal("w2", width), ("fp16", "bf16"), (FP16, BF16))


def test_formats_chosen_at_run_time() -> None:
    use = choice()
    a, b = (ir.Decode(ir.WordLocal(f"w{i}", 16), use, FP16.span, False) for i in range(2))
    word = ir.Encode(add(a, b, "*"), use, None, 16)
    pairs = [(*row, i & 1) for i, row in enumerate(rows([FP16] * 2, 1500))]
    Native(word, [16, 16, 1], Rounding.RUP).check(pairs)
    inner = ir.Rounded(add(a, b), use, None, None, False)
    Native(encode(add(inner, a), FP32), [16, 16, 1]).check(pairs)
    classes = ir.Classify(ir.WordLocal("w0", 16), use)
    Native(classes, [16, 16, 1]).check(pairs)


def test_integers_rounded_under_a_condition_raise_flags_only_there() -> None:
    a, b = decode(0, FP32), decode(1, FP32)
    integer = ir.Rounded(a, ir.Named("w32", W32), None, W32.span, True)
    chosen = ir.NumberSelect(ODD, add(integer, b), b, None, False)
    Native(encode(add(chosen, a), FP32), [32] * 2).check(rows([FP32] * 2, 1000))


def test_a_rounding_to_an_integer_is_a_number() -> None:
    a = decode(0, FP32)
    for format in (W32, Fixed(16, 0, False, "saturate", "zero", Rounding.RMM)):
        integer = ir.Rounded(a, ir.Named("", format), None, format.span, True)
        Native(ir.IntegerBits(integer, 0, 40), [32]).check(rows([FP32], 1000))


def test_constants() -> None:
    for e in (ir.Exact(1, -3), ir.Exact(0, 0), ir.Exact(-(1 << 40) - 1, 7)):
        for format in (FP32, FP16, POSIT32):
            Native(encode(e, format), [32], Rounding.RUP).check([(0,)])
