"""Every recorded row of cvfpu's expanding dot-product unit: the exact columns, values and flags."""

import gzip
import json
from pathlib import Path

import pytest

from rvx.number import Float, Real, Rounding, add, multiply, negate

DATA = Path(__file__).parents[1] / "data" / "exsdotp"
FORMATS = {
    "fp32": Float(exponent=8, fraction=23),
    "fp16": Float(exponent=5, fraction=10),
    "fp16alt": Float(exponent=8, fraction=7),
    "fp8": Float(exponent=5, fraction=2),
    "fp8alt": Float(exponent=4, fraction=3),
}
ROWS = {
    "exsdotp_fp16_fp32": 5000,
    "exsdotp_fp16alt_fp32": 5000,
    "exsdotp_fp16alt_fp32_tiny": 1500,
    "exsdotp_fp8_fp16": 5000,
    "exsdotp_fp8_fp16alt": 5000,
    "exsdotp_fp8_fp8": 5000,
    "exsdotp_fp8alt_fp16": 5000,
    "exsdotp_fp8alt_fp16alt": 5000,
    "exsdotp_fp8alt_fp8alt": 5000,
}


def evaluate(op: str, src: Float, dst: Float, operands: dict[str, int]) -> Real:
    """The three terms of the operation, as the text of its description writes them."""
    wide = dst if op == "vsum" else src
    a, c = wide.decode(operands["a"]), wide.decode(operands["c"])
    if op == "exsdotp":
        a = multiply(a, src.decode(operands["b"]))
        c = multiply(c, src.decode(operands["d"]))
    if operands["negate_products"]:
        a, c = negate(a), negate(c)
    return add(add(a, c), dst.decode(operands["e"]))


@pytest.mark.parametrize("name", ROWS)
def test_exact_columns(name):
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt") as lines:
        header, *rows = map(json.loads, lines)
    src, dst = FORMATS[header["src"]], FORMATS[header["dst"]]
    wrong = []
    for row in rows:
        fields = dict(zip(header["fields"], row, strict=True))
        operands = {k: int(fields[k], 16) for k in "abcde"}
        operands["negate_products"] = fields["negate_products"]
        value = evaluate(fields["op"], src, dst, operands)
        expected = int(fields["exact_result"], 16), fields["exact_fflags"]
        if dst.encode(value, Rounding[fields["rm"]]) != expected:
            wrong.append(row)
    assert not wrong
    assert len(rows) == ROWS[name]
