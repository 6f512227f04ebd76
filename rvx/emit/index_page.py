"""The reference page of a machine: what there is, and where to read on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from rvx.emit.format_facts import declared, epsilon, largest, lowest, smallest, specials
from rvx.emit.markdown import anchor, plain, table
from rvx.emit.signature import choice_of, signature
from rvx.model.expression import Choice, FormatUse, Named
from rvx.model.machine import Csr, Machine, RegisterFile, StateElement


def index_page(machine: Machine, files: Mapping[str, str]) -> str:
    """The page; `files` are the names of the extensions' pages."""
    chosen = [f"`{name} = {choice}`" for name, choice in machine.options.items()]
    facts = [
        f"{len(machine.extensions)} extensions",
        f"{len(machine.instructions)} instructions",
        f"{len(machine.aliases)} aliases",
        f"XLEN {machine.xlen}",
        *([f"FLEN {machine.flen}"] if "f" in machine.files else []),
    ]
    parts = [
        f"# `{machine.isa}`\n",
        f"{', '.join(facts)}.\n",
        f"Options: {', '.join(chosen)}.\n" if chosen else "",
        *_section(
            "Extensions", ["name", "instructions", "requires", ""], _extensions(machine, files)
        ),
        *_section("Instructions", ["assembly", "extension", ""], _instructions(machine, files)),
        *_section(
            "Registers",
            ["file", "count", "bits", "names", ""],
            [_file(file) for file in machine.files.values()],
        ),
        *_section(
            "State",
            ["state", "bits", "at reset", "extension", ""],
            [_state(state) for state in machine.states.values()],
        ),
        *_section("CSRs", ["address", "CSR", "access", "extension", ""], list(_csrs(machine))),
        *_section(
            "Registers of devices",
            ["address", "register", "extension", ""],
            [
                [f"{port.address:#010x}", f"`{port.name}`", port.extension, plain(port.doc)]
                for port in machine.ports
            ],
        ),
        *_section(
            "Interrupts",
            ["cause", "extension", ""],
            [[f"{i.cause:#x}", i.extension, plain(i.doc)] for i in machine.interrupts],
        ),
        *_section(
            "Rounding modes",
            ["code", "name", "rounding"],
            [
                [
                    str(code),
                    f"`{name}`",
                    mode.value if (mode := machine.roundings[code]) else "dynamic",
                ]
                for name, code in sorted(machine.rounding_names.items(), key=lambda item: item[1])
            ],
        ),
        *_section(
            "Number formats",
            [
                "format",
                "declared as",
                "bits",
                "from",
                "to",
                "smallest above 0",
                "epsilon",
                "specials",
            ],
            [_format(name, use) for name, use in machine.formats.items()],
        ),
    ]
    return "\n".join(part for part in parts if part)


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"## {title}\n", table(head, rows)] if rows else []


def _extensions(machine: Machine, files: Mapping[str, str]) -> list[list[str]]:
    counts = [i.extension for i in machine.instructions.values()]
    return [
        [
            f"[{extension.name}]({files[extension.name]})",
            str(counts.count(extension.name)),
            ", ".join(extension.requires),
            plain(extension.doc),
        ]
        for extension in machine.extensions
    ]


def _instructions(machine: Machine, files: Mapping[str, str]) -> list[list[str]]:
    return [
        [
            f"[`{signature(i)}`]({files[i.extension]}#{anchor(i.mnemonic)})",
            i.extension,
            plain(i.doc),
        ]
        for i in sorted(machine.instructions.values(), key=lambda i: i.mnemonic)
    ]


def _file(file: RegisterFile) -> list[str]:
    names = f"{file.name}0 to {file.name}{file.count - 1}"
    if file.names:
        names += f": {' '.join('/'.join(each) for each in file.names)}"
    facts = [] if file.zero is None else [f"{file.name}{file.zero} reads as zero"]
    facts += ["narrower numbers are NaN-boxed"] if file.boxed else []
    doc = plain(file.doc) if file.doc else ""
    return [
        f"`{file.name}`",
        str(file.count),
        str(file.width),
        names,
        " ".join([doc, *(f"({fact})" for fact in facts)]).strip(),
    ]


def _state(state: StateElement) -> list[str]:
    bits = f"{state.count} x {state.width}" if state.count > 1 else str(state.width)
    if state.format is not None:
        bits += f", {state.format.name}"
    reset = ", ".join(f"{value:#x}" for value in dict.fromkeys(state.reset))
    doc = plain(state.doc)
    return [
        f"`{state.name}`",
        bits,
        reset,
        state.extension,
        f"{doc} (a mode)" if state.mode else doc,
    ]


def _csrs(machine: Machine) -> Iterator[list[str]]:
    """Rows by address; a run of CSRs that only a number tells apart is one row."""
    run: list[Csr] = []
    for csr in sorted(machine.csrs.values(), key=lambda csr: csr.address):
        if run and not _follows(run[-1], csr):
            yield _csr_row(run)
            run = []
        run.append(csr)
    if run:
        yield _csr_row(run)


def _follows(before: Csr, csr: Csr) -> bool:
    """Whether name and address are the next ones: mhpmcounter4 after mhpmcounter3."""
    one, other = (re.fullmatch(r"(.*?)(\d+)(\D*)", each.name) for each in (before, csr))
    return bool(
        one
        and other
        and (one[1], one[3]) == (other[1], other[3])
        and int(other[2]) - int(one[2]) == csr.address - before.address == 1
        and (before.doc, before.extension) == (csr.doc, csr.extension)
    )


def _csr_row(run: Sequence[Csr]) -> list[str]:
    first, last = run[0], run[-1]
    several = len(run) > 1
    return [
        f"{first.address:#05x}" + (f" to {last.address:#05x}" if several else ""),
        f"`{first.name}`" + (f" to `{last.name}`" if several else ""),
        "read" if first.is_read_only else "read and write",
        first.extension,
        plain(first.doc),
    ]


def _format(name: str, use: FormatUse) -> list[str]:
    match use:
        case Named(_, format):
            facts = [lowest(format), largest(format), smallest(format), epsilon(format)]
            return [
                f"`{name}`",
                f"`{declared(format)}`",
                str(format.bits),
                *map(plain, facts),
                specials(format),
            ]
        case Choice(_, _, _, formats):
            return [f"`{name}`", plain(choice_of(use) or ""), str(formats[0].bits), *[""] * 5]
