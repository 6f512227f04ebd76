"""`rvx numbers`: what number formats hold, side by side."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import Any

from rich.console import Console

from rvx.accuracy import Summary, drawing, read_format, summary, table
from rvx.accuracy.summary import MOST_TABULATED
from rvx.command import options
from rvx.command.main import UserError
from rvx.command.numbers_text import accuracy_table, facts_table, number_text, value_table
from rvx.command.output import check_writable, write_whole
from rvx.description import DEFAULT_ISA
from rvx.description.catalogue import declarations
from rvx.description.syntax import ExtensionDeclaration, FormatDeclaration
from rvx.emit.format_facts import declared, specials
from rvx.model.expression import Named
from rvx.number import Format, FormatError


def add(commands: options.Commands) -> None:
    parser = options.command(
        commands,
        "numbers",
        run,
        "show what number formats hold: values, range, accuracy by magnitude",
        "rvx numbers posit16 fp16 'float(6, 9)' --plot accuracy.svg",
    )
    parser.add_argument(
        "formats",
        nargs="+",
        metavar="FORMAT",
        help="a name, as `rvx list formats` lists them, or as in float(4, 3)",
    )
    options.add_machine(parser)
    parser.add_argument(
        "--values", action="store_true", help="also list the values where several are compared"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="FILE", help="draw the accuracy: a .svg, or a .png"
    )
    parser.add_argument("--json", action="store_true", help="show as JSON")


def run(given: argparse.Namespace) -> int:
    known = _known(given)
    for name in given.formats:
        if name not in known and (extension := _declared_by(name)) is not None:
            isa = f"{given.isa or DEFAULT_ISA}_{extension.lower()}"
            raise UserError(f"'{name}' is a format of {extension}: add --isa {isa}")
    try:
        chosen = {text: read_format(text, known) for text in given.formats}
    except FormatError as error:
        raise UserError(str(error)) from None
    if given.plot is not None:
        _check_plot(given.plot, given.extra)
    listed = given.values or len(chosen) == 1
    long = next((name for name, f in chosen.items() if f.bits > MOST_TABULATED), None)
    if given.values and long is not None:
        raise UserError(f"--values: {long} has more than {MOST_TABULATED} bits")
    found = {name: summary(format) for name, format in chosen.items()}
    if given.plot is not None:
        _plot(given.plot, found)
    if given.json:
        formats = [_as_json(name, each) for name, each in found.items()]
        options.print_json({"formats": formats})
        return 0
    console = Console(highlight=False)
    console.print(facts_table(found))
    console.print(accuracy_table(found))
    for name, each in found.items():
        if listed and each.format.bits <= MOST_TABULATED:
            console.print(value_table(name, table(each.format), each.format.bits, console.width))
    return 0


def _known(given: argparse.Namespace) -> dict[str, Format]:
    """The machine's formats by name."""
    found: dict[str, Format] = {}
    for name, use in options.machine_of(given).formats.items():
        if isinstance(use, Named):
            found[name] = use.format
        elif name in given.formats:
            raise UserError(f"{name} is chosen at run time: name {' or '.join(use.names)}")
    return found


def _declared_by(name: str) -> str | None:
    """The extension that ships and declares a format of that name."""
    for extension in declarations(()):
        if isinstance(extension, ExtensionDeclaration):
            formats = (m for m in extension.members if isinstance(m, FormatDeclaration))
            if any(each.name.id == name for each in formats):
                return extension.name.id
    return None


def _check_plot(path: Path, inputs: list[Path]) -> None:
    if path.suffix not in (".svg", ".png"):
        raise UserError(f"{path}: a drawing's name ends in .svg or .png")
    if path.suffix == ".png":
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            raise UserError(
                f"{path}: a .png is drawn by matplotlib, which is not installed; "
                "pip install 'rvx[plot]', or name a .svg"
            ) from None
    check_writable(path, inputs)


def _plot(path: Path, found: dict[str, Summary]) -> None:
    curves = {name: each.accuracy for name, each in found.items()}
    if path.suffix == ".svg":
        write_whole(path, drawing(curves))
        return
    from rvx.accuracy.png import picture

    write_whole(path, picture(curves))


def _as_json(name: str, of: Summary) -> dict[str, Any]:
    format = of.format
    found: dict[str, Any] = {
        "name": name,
        "declared": declared(format),
        "bits": format.bits,
        "specials": specials(format),
        **{
            key: None if value is None else _exact(value)
            for key, value in (
                *(("largest", of.largest), ("smallest", of.smallest), ("lowest", of.lowest)),
                ("epsilon", of.epsilon),
            )
        },
        "decades": of.decades,
        "best_decimals": of.best,
        "decimals_at_one": of.at_one,
        "accuracy": [{"exponent": p.exponent, "decimals": p.decimals} for p in of.accuracy],
    }
    if format.bits <= MOST_TABULATED:
        found["values"] = [
            {"code": each.code, "value": number_text(each.value)} for each in table(format)
        ]
    return found


def _exact(number: Fraction) -> dict[str, int]:
    """significand * 2**exponent."""
    exponent = 1 - number.denominator.bit_length()
    significand = number.numerator
    while significand and significand % 2 == 0:
        significand, exponent = significand // 2, exponent + 1
    return {"significand": significand, "exponent": exponent}
