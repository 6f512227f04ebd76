"""A random program as text: assembly that assembles to the same bytes at the same addresses."""

from __future__ import annotations

from collections.abc import Iterator

from rvx.asm import disassemble
from rvx.model.machine import Machine
from rvx.verify.layout import SIZES, Image
from rvx.verify.node import Bits, Mark, Table

_ROW = 4  # words of data in a line


def listing(machine: Machine, image: Image, comment: str) -> str:
    """The whole program. Symbols of the data, and those of the code that are marked, are global."""
    code = "\n".join(line for _, line in code_lines(machine, image))
    return (
        f"# {comment}\n.option norvc\n.text\n.globl _start\n_start:\n{code}\n"
        + "\n".join(_data_lines(image))
        + "\n"
    )


def code_lines(machine: Machine, image: Image) -> Iterator[tuple[int, str]]:
    """An instruction or a label each, with its address."""
    for at, leaf in image.lines:
        if isinstance(leaf, Mark):
            yield at, f"{leaf.name}:"
        if isinstance(leaf, Mark | Table):
            continue
        offset = at - image.lines[0][0]
        step = 4 if leaf.size == 8 else leaf.size
        for start in range(offset, offset + leaf.size, step):
            word = int.from_bytes(image.code[start : start + step], "little")
            address = image.lines[0][0] + start
            if isinstance(leaf, Bits):
                text = f".half {word:#06x}" if step == 2 else f".half {word & 0xFFFF:#x}, "
                text += "" if step == 2 else f"{word >> 16:#x}"
            else:
                text = disassemble(word, address, machine, aliases=False)
            yield address, f"    {text:40}# {address:#010x}"


def _data_lines(image: Image) -> Iterator[str]:
    """The data, word by word; runs of zeros are one line."""
    start = image.data_at
    yield f".zero {start - image.lines[0][0] - len(image.code)}"
    names: dict[int, list[str]] = {}
    for name, address in image.addresses.items():
        if address >= start:
            names.setdefault(address - start, []).append(name)
    words = [image.data[at : at + 4] for at in range(0, len(image.data), 4)]
    at, zeros = 0, 0
    while at <= len(words):
        if zeros and (at == len(words) or any(words[at]) or 4 * at in names):
            yield f".zero {4 * zeros}"
            zeros = 0
        for name in names.get(4 * at, ()):
            yield f".globl {name}\n{name}:"
            if size := SIZES.get(name):
                yield f".size {name}, {size}"
        if at == len(words):
            break
        if any(words[at]):
            yield f".word {int.from_bytes(words[at], 'little'):#010x}"
        else:
            zeros += 1
        at += 1
    yield from (
        f"{name}:" for offset, own in names.items() if offset > 4 * len(words) for name in own
    )
