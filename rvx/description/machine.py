"""From the declarations of all descriptions to one checked machine for an ISA string."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rvx.description import syntax
from rvx.description.alias import alias
from rvx.description.assignment import assign
from rvx.description.expression import Context, evaluate
from rvx.description.instruction import instruction
from rvx.description.isa_string import IsaString
from rvx.description.overlap import check_overlap
from rvx.description.scope import Names, Scope
from rvx.description.statement import effects
from rvx.description.storage import Storage
from rvx.description.syntax import Declaration, DescriptionError, ExtensionDeclaration
from rvx.description.values import is_truth, is_word, to_integer, to_truth
from rvx.model import expression as ir
from rvx.model.encoding import Encoding, Field, Placement
from rvx.model.machine import Alias, Csr, Extension, Instruction, Machine, Trap
from rvx.number import Rounding


@dataclass(frozen=True)
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
    names = Names(constants={"xlen": isa.xlen, "flen": 0})
    names.chosen.update(options)
    scope = Scope(names)
    shared = [d for d in declarations if not isinstance(d, ExtensionDeclaration)]
    placed = list(expanded(shared, "", scope))
    for extension in extensions:
        placed += expanded(extension.members, extension.name.id, scope)
    _declare_all(names, scope, placed, options)
    instructions = _instructions(placed)
    csrs = _csrs(placed)
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
        scope=scope,
    )


def chosen_extensions(
    declarations: Sequence[Declaration], isa: IsaString
) -> list[ExtensionDeclaration]:
    """The extensions that the string names and those that they require, in declared order."""
    known = {d.name.id: d for d in declarations if isinstance(d, ExtensionDeclaration)}
    wanted: dict[str, ExtensionDeclaration] = {}

    def want(name: str, path: tuple[str, ...], at: syntax.Position | None) -> None:
        if name in path:
            raise DescriptionError(at, f"a cycle of extensions: {' requires '.join((*path, name))}")
        if name not in known:
            raise DescriptionError(
                at,
                f"no extension '{name}' is described; there are {', '.join(sorted(known))}; "
                "-x FILE.isa adds descriptions of your own",
            )
        for required in known[name].requires:
            want(required.id, (*path, name), required.at)
        wanted[name] = known[name]

    for name in isa.extensions(known):
        want(name, (), None)
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
                    declaration.at,
                    f"an entry has {len(entry)} value(s) for {len(declaration.names)} name(s)",
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
                names.constants[name.id] = max(found, names.constants.get(name.id, 0))
            case syntax.FunctionDeclaration(name):
                names.declare(name)
                names.functions[name.id] = p.declaration
            case syntax.EncodingDeclaration(name):
                names.declare(name)
                names.encodings[name.id] = encoding(p.declaration)
            case syntax.OptionDeclaration(name, choices, default):
                names.declare(name)
                names.options[name.id] = p.declaration
                chosen = names.chosen.setdefault(name.id, default.id)
                if chosen not in {choice.id for choice in choices}:
                    listed = ", ".join(choice.id for choice in choices)
                    raise DescriptionError(p.declaration.at, f"{name.id} is one of {listed}")
            case syntax.RoundingDeclaration(codes):
                for code in codes:
                    _declare_rounding(names, code)
    unknown_options = set(options) - set(names.options)
    if unknown_options:
        raise DescriptionError(None, f"no option '{unknown_options.pop()}' is declared")
    storage.formats([(p.declaration, p.scope) for p in placed])
    storage.registers_and_states([(p.declaration, p.extension, p.scope) for p in placed])


def _declare_rounding(names: Names, code: syntax.RoundingCode) -> None:
    if code.code in names.roundings:
        raise DescriptionError(code.name.at, f"rounding code {code.code} is already taken")
    kind = (code.kind or code.name).id.upper()
    kinds = {mode.name: mode for mode in Rounding}
    if kind != "DYNAMIC" and kind not in kinds:
        listed = ", ".join(mode.name.lower() for mode in Rounding)
        raise DescriptionError(
            code.name.at, f"no rounding '{kind.lower()}': there are {listed} and dynamic"
        )
    names.roundings[code.code] = kinds.get(kind)
    names.rounding_names[code.name.id] = code.code


def encoding(declared: syntax.EncodingDeclaration) -> Encoding:
    """Place the fields, most significant first, over 16 or 32 bits."""
    width = sum(high - low + 1 for f in declared.fields for high, low in f.slices)
    if width not in (16, 32):
        raise DescriptionError(
            declared.at, f"the fields of {declared.name.id} have {width} bits; 16 or 32 are needed"
        )
    top = width
    placements: dict[str, list[Placement]] = {}
    sliced: dict[str, bool] = {}
    for drawn in declared.fields:
        for high, low in drawn.slices:
            if high < low:
                raise DescriptionError(drawn.name.at, f"[{high}:{low}] is no slice: high:low")
            top -= high - low + 1
            _check_free(placements.get(drawn.name.id, []), high, low, drawn)
            placements.setdefault(drawn.name.id, []).append(Placement(top, low, high - low + 1))
        sliced[drawn.name.id] = drawn.sliced
    fields = tuple(Field(name, tuple(p), sliced[name]) for name, p in placements.items())
    return Encoding(declared.name.id, fields, width)


def _check_free(
    placed: Sequence[Placement], high: int, low: int, drawn: syntax.EncodingField
) -> None:
    for other in placed:
        if low < other.value_low + other.width and other.value_low <= high:
            raise DescriptionError(
                drawn.name.at, f"bit {max(low, other.value_low)} of {drawn.name.id} is drawn twice"
            )


def _instructions(placed: Sequence[Placed]) -> dict[str, Instruction]:
    found: dict[str, Instruction] = {}
    for p in placed:
        if isinstance(p.declaration, syntax.InstructionDeclaration):
            one = instruction(p.scope, p.extension, p.declaration)
            if one.mnemonic in found:
                raise DescriptionError(
                    p.declaration.at,
                    f"{one.mnemonic} is already declared at {found[one.mnemonic].source}",
                )
            check_overlap(one, found.values(), p.declaration.at)
            found[one.mnemonic] = one
    return found


def _csrs(placed: Sequence[Placed]) -> dict[str, Csr]:
    found: dict[str, Csr] = {}
    for p in placed:
        if isinstance(p.declaration, syntax.CsrDeclaration):
            csr = _csr(p, p.declaration)
            clash = next((c for c in found.values() if c.address == csr.address), None)
            if csr.name in found or clash:
                other = found.get(csr.name) or clash
                assert other is not None
                raise DescriptionError(
                    p.declaration.at, f"CSR {csr.address:#x} {csr.name} clashes with {other.name}"
                )
            found[csr.name] = csr
    return found


def _csr(p: Placed, declared: syntax.CsrDeclaration) -> Csr:
    xlen = p.scope.names.constants["xlen"]
    name = p.scope.template(declared.name, declared.at)
    context = Context(p.scope)
    address = to_integer(evaluate(context, declared.address), declared.at, "a CSR's address")
    if not 0 <= address < 1 << 12:
        raise DescriptionError(declared.at, f"{address:#x} is no CSR address: 0 to 0xfff")
    meaning = declared.value or syntax.Name(name, declared.at)
    value = evaluate(context, meaning)
    if is_truth(value) or isinstance(value, int):
        value = ir.Constant(value, xlen) if isinstance(value, int) else ir.TruthBits(value, 1)  # type: ignore[arg-type]
    if not is_word(value) or value.width > xlen:  # type: ignore[union-attr]
        raise DescriptionError(declared.at, f"the value of {name} must be at most {xlen} bits")
    width = value.width  # type: ignore[union-attr]
    whole = value if width == xlen else ir.Join((ir.Constant(0, xlen - width), value))  # type: ignore[arg-type]
    new = ir.WordSlice(ir.WordLocal("value", xlen), width - 1, 0)
    write: tuple[ir.Statement, ...] = ()
    if isinstance(meaning, syntax.Name | syntax.Slice | syntax.Index | syntax.Concat):
        write = tuple(assign(context, meaning, new, declared.at))
    needs: ir.Truth | None = None
    for owned in declared.properties:
        match owned:
            case syntax.Property("needs", condition) if condition is not None:
                needs = to_truth(evaluate(context, condition), owned.at)
            case syntax.Property("marks", target, marked) if target and marked:
                write += tuple(assign(context, target, evaluate(context, marked), owned.at))
            case _:
                raise DescriptionError(owned.at, f"a CSR has no property '{owned.name}'")
    return Csr(name, address, whole, write, needs, p.extension, declared.doc)  # type: ignore[arg-type]


def _aliases(
    placed: Sequence[Placed], instructions: dict[str, Instruction], csrs: dict[str, Csr]
) -> tuple[Alias, ...]:
    addresses = {name: csr.address for name, csr in csrs.items()}
    return tuple(
        alias(p.scope, p.declaration, instructions, addresses)
        for p in placed
        if isinstance(p.declaration, syntax.AliasDeclaration)
    )


def _trap(placed: Sequence[Placed]) -> Trap | None:
    for p in placed:
        if isinstance(p.declaration, syntax.TrapDeclaration):
            declared = p.declaration
            xlen = p.scope.names.constants["xlen"]
            context = Context(
                p.scope,
                locals={
                    declared.cause.id: ir.WordLocal("cause", xlen),
                    declared.value.id: ir.WordLocal("value", xlen),
                },
            )
            return Trap(effects(context, declared.body))
    return None
