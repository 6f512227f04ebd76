"""From the declarations of all descriptions to one checked machine for an ISA string."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches

from rvx.description import syntax
from rvx.description.alias import alias, shape
from rvx.description.condition import is_absent
from rvx.description.csr import csr, port
from rvx.description.event import interrupt, trap
from rvx.description.expression import Context, evaluate
from rvx.description.instruction import instruction
from rvx.description.isa_string import IsaString
from rvx.description.layout import encoding
from rvx.description.overlap import check_overlap
from rvx.description.primitives import FOLDS, PRIMITIVES, SYNTACTIC
from rvx.description.scope import Names, Scope, unknown
from rvx.description.short_form import short_form
from rvx.description.storage import Storage
from rvx.description.syntax import Declaration, DescriptionError, ExtensionDeclaration
from rvx.description.values import show, to_integer
from rvx.model.machine import (
    Alias,
    Csr,
    Extension,
    Instruction,
    Interrupt,
    Machine,
    Port,
    Trap,
)
from rvx.number import Rounding
from rvx.record import record

RESERVED = frozenset({"xlen", "pc", "next_pc", "memory", *SYNTACTIC, *PRIMITIVES, *FOLDS})


@record(frozen=True)
class Placed:
    """A declaration with the extension that owns it and the families around it."""

    declaration: Declaration
    extension: str
    scope: Scope


def build_machine(
    declarations: Sequence[Declaration], isa: IsaString, options: dict[str, str]
) -> Machine:
    """Check everything the machine needs and put it together."""
    extensions = chosen_extensions(declarations, isa)
    names = Names(constants={"xlen": isa.xlen, "flen": 0}, reserved=RESERVED)
    names.chosen.update(options)
    scope = Scope(names)
    chosen = names.extensions = frozenset(extension.name.id for extension in extensions)
    names.known_extensions = _extension_names(declarations)
    placed: list[Placed] = []
    for declaration in declarations:
        if not isinstance(declaration, ExtensionDeclaration):
            placed += expanded([declaration], "", scope)
        elif declaration.name.id in chosen:
            placed += expanded(declaration.members, declaration.name.id, scope)
    _declare_all(names, scope, placed, options)
    csrs = _csrs(placed)
    instructions = _instructions(placed, csrs)
    return Machine(
        isa=isa.canonical([extension.name.id for extension in extensions]),
        xlen=isa.xlen,
        flen=names.constants["flen"],
        extensions=tuple(
            Extension(e.name.id, tuple(r.id for r in e.requires), e.doc, str(e.at))
            for e in extensions
        ),
        files=names.files,
        states=names.states,
        csrs=csrs,
        instructions=instructions,
        aliases=_aliases(placed, instructions, csrs),
        roundings=names.roundings,
        rounding_names=names.rounding_names,
        formats=names.formats,
        options=names.chosen,
        trap=_trap(placed),
        ports=_ports(placed),
        interrupts=_interrupts(placed),
        scope=scope,
    )


def _extension_names(declarations: Sequence[Declaration]) -> frozenset[str]:
    return frozenset(d.name.id for d in declarations if isinstance(d, ExtensionDeclaration))


def chosen_extensions(
    declarations: Sequence[Declaration], isa: IsaString
) -> list[ExtensionDeclaration]:
    """The extensions that the string names and those that they require, in declared order."""
    known = {d.name.id: d for d in declarations if isinstance(d, ExtensionDeclaration)}
    known_spelling = {name.lower(): name for name in known}
    wanted: dict[str, ExtensionDeclaration] = {}

    def want(name: str, path: tuple[str, ...], at: syntax.Position | None) -> None:
        if name in path:
            raise DescriptionError(at, f"a cycle of extensions: {' requires '.join((*path, name))}")
        if name not in known:
            near = get_close_matches(name.lower(), [k.lower() for k in known], n=1)
            if near:
                cure = f"did you mean '{known_spelling[near[0]]}'?"
            else:
                cure = f"there are {', '.join(sorted(known))}; -x FILE.isa adds your own"
            raise DescriptionError(at, f"no extension '{name}' is described: {cure}")
        for required in known[name].requires:
            want(required.id, (*path, name), required.at)
        wanted[name] = known[name]

    for name in isa.extensions(known):
        want(name, (), None)
    for joined in [j for d in known.values() for j in d.joins]:
        if joined.id not in known:
            raise unknown(joined, "extension", known)
    while joining := [
        d.name
        for d in known.values()
        if d.joins and d.name.id not in wanted and {j.id for j in d.joins} <= set(wanted)
    ]:
        want(joining[0].id, (), joining[0].at)
    return [d for name, d in known.items() if name in wanted]


def expanded(declarations: Iterable[Declaration], extension: str, scope: Scope) -> Iterator[Placed]:
    """The declarations with families expanded, each with its scope."""
    for declaration in declarations:
        if not isinstance(declaration, syntax.FamilyDeclaration):
            yield Placed(declaration, extension, scope)
            continue
        for entry in declaration.entries:
            if len(entry) != len(declaration.names):
                raise DescriptionError(
                    entry[0].at,
                    f"an entry of {len(entry)} where 'for' names {len(declaration.names)}: "
                    "give a value for each",
                )
            inner = scope.bound(declaration.names, entry)
            yield from expanded(declaration.members, extension, inner)


def _declare_all(
    names: Names, scope: Scope, placed: Sequence[Placed], options: dict[str, str]
) -> None:
    """Names first, in the order in which they may depend on one another."""
    storage = Storage(names)
    for p in placed:
        match p.declaration:
            case syntax.ConstantDeclaration(name, value):
                found = to_integer(evaluate(Context(p.scope), value), value.at, name.id)
                names.declare_constant(name, found)
            case syntax.FunctionDeclaration() as function:
                names.declare_function(function, p.extension)
            case syntax.EncodingDeclaration(name) as drawn:
                names.declare_encoding(name, encoding(drawn))
            case syntax.OptionDeclaration() as option:
                _declare_option(names, option)
            case syntax.RoundingDeclaration(codes):
                for code in codes:
                    _declare_rounding(names, code)
    unknown_options = sorted(set(options) - set(names.options))
    if unknown_options:
        listed = ", ".join(sorted(names.options)) or "none"
        raise DescriptionError(
            None,
            f"no option '{unknown_options[0]}' is declared in this machine: there are {listed}",
        )
    storage.formats([(p.declaration, p.scope) for p in placed])
    storage.registers_and_states([(p.declaration, p.extension, p.scope) for p in placed])


def _declare_option(names: Names, option: syntax.OptionDeclaration) -> None:
    name = option.name.id
    names.declare(option.name)
    names.options[name] = option
    choices = [choice.id for choice in option.choices]
    listed = ", ".join(choices)
    if option.default.id not in choices:
        raise DescriptionError(
            option.default.at, f"'{option.default.id}' is no choice of {name}: it has {listed}"
        )
    chosen = names.chosen.setdefault(name, option.default.id)
    if chosen not in choices:
        raise DescriptionError(None, f"'{chosen}' is no choice of option {name}: it has {listed}")


def _declare_rounding(names: Names, code: syntax.RoundingCode) -> None:
    name = code.name
    if not 0 <= code.code < 8:
        raise DescriptionError(name.at, f"rounding code {show(code.code)}: rm holds 0 to 7")
    if code.code in names.roundings or name.id in names.rounding_names:
        taken = {v: k for k, v in names.rounding_names.items()}.get(code.code, name.id)
        raise DescriptionError(
            name.at, f"rounding code {code.code} {name.id} clashes with {taken}: use another"
        )
    kind = (code.kind or name).id.upper()
    kinds = {mode.name: mode for mode in Rounding}
    if kind != "DYNAMIC" and kind not in kinds:
        listed = ", ".join(mode.name.lower() for mode in Rounding)
        at = (code.kind or name).at
        raise DescriptionError(at, f"no rounding '{kind.lower()}': there are {listed} and dynamic")
    names.roundings[code.code] = kinds.get(kind)
    names.rounding_names[name.id] = code.code


@contextmanager
def _nesting(at: syntax.Position) -> Iterator[None]:
    """Turn running out of stack into an error of the text."""
    try:
        yield
    except RecursionError:
        raise DescriptionError(
            at, "something here nests too deeply: name parts of it with let or var"
        ) from None


def _instructions(placed: Sequence[Placed], csrs: dict[str, Csr]) -> dict[str, Instruction]:
    """The instructions, then the short forms that stand for them."""
    found: dict[str, Instruction] = {}
    addresses = {name: csr.address for name, csr in csrs.items()}
    for p in placed:
        if isinstance(p.declaration, syntax.InstructionDeclaration):
            with _nesting(p.declaration.at):
                if is_absent(p.scope, p.declaration):
                    continue
                one = instruction(p.scope, p.extension, p.declaration)
            _add(found, one, p.declaration.at)
    for p in placed:
        if isinstance(p.declaration, syntax.ShortFormDeclaration):
            if is_absent(p.scope, p.declaration):
                continue
            one = short_form(p.scope, p.extension, p.declaration, found, addresses)
            _add(found, one, p.declaration.at)
    return found


def _add(found: dict[str, Instruction], one: Instruction, at: syntax.Position) -> None:
    if one.mnemonic in found:
        raise DescriptionError(
            at, f"{one.mnemonic} is already declared at {found[one.mnemonic].source}"
        )
    check_overlap(one, found.values(), at)
    found[one.mnemonic] = one


def _csrs(placed: Sequence[Placed]) -> dict[str, Csr]:
    found: dict[str, Csr] = {}
    for p in placed:
        if not isinstance(p.declaration, syntax.CsrDeclaration):
            continue
        with _nesting(p.declaration.at):
            one = csr(p.scope, p.extension, p.declaration)
        other = found.get(one.name) or next(
            (c for c in found.values() if c.address == one.address), None
        )
        if other is not None:
            raise DescriptionError(
                p.declaration.at,
                f"CSR {one.address:#x} {one.name} clashes with {other.address:#x} {other.name} "
                f"({other.extension}): use another address and name",
            )
        found[one.name] = one
    return found


def _aliases(
    placed: Sequence[Placed], instructions: dict[str, Instruction], csrs: dict[str, Csr]
) -> tuple[Alias, ...]:
    addresses = {name: csr.address for name, csr in csrs.items()}
    found: list[Alias] = []
    taken = {(i.mnemonic, shape(i.syntax)) for i in instructions.values()}
    for p in placed:
        if isinstance(p.declaration, syntax.AliasDeclaration):
            one = alias(p.scope, p.declaration, instructions, addresses)
            if (one.mnemonic, shape(one.syntax)) in taken:
                raise DescriptionError(
                    p.declaration.at,
                    f"{one.mnemonic} with these operands is already declared: use another name",
                )
            taken.add((one.mnemonic, shape(one.syntax)))
            found.append(one)
    return tuple(found)


def _trap(placed: Sequence[Placed]) -> Trap | None:
    found: Trap | None = None
    for p in placed:
        if isinstance(p.declaration, syntax.TrapDeclaration):
            with _nesting(p.declaration.at):
                one = trap(p.scope, p.declaration)
            if found is not None:
                raise DescriptionError(p.declaration.at, "a machine has one trap: leave one out")
            found = one
    return found


def _interrupts(placed: Sequence[Placed]) -> tuple[Interrupt, ...]:
    found: dict[int, Interrupt] = {}
    for p in placed:
        if isinstance(p.declaration, syntax.InterruptDeclaration):
            with _nesting(p.declaration.at):
                one = interrupt(p.scope, p.extension, p.declaration)
            if one.cause in found:
                raise DescriptionError(
                    p.declaration.at, f"interrupt {show(one.cause)} is declared twice: join them"
                )
            found[one.cause] = one
    return tuple(found.values())


def _ports(placed: Sequence[Placed]) -> tuple[Port, ...]:
    found: list[Port] = []
    for p in placed:
        if not isinstance(p.declaration, syntax.PortDeclaration):
            continue
        with _nesting(p.declaration.at):
            one = port(p.scope, p.extension, p.declaration)
        for other in found:
            if other.address == one.address or other.name == one.name:
                raise DescriptionError(
                    p.declaration.at,
                    f"port {one.address:#x} {one.name} clashes with {other.address:#x} "
                    f"{other.name} ({other.extension}): use another address and name",
                )
        found.append(one)
    return tuple(found)
