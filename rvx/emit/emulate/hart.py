"""The emulated hart: the states of a machine, its rounding modes and its CSRs, in C."""

from __future__ import annotations

from rvx.emit.effect import ALLOCATED
from rvx.emit.emulate.formats import Formats, mode_name
from rvx.emit.emulate.function_text import FunctionText, Unsupported, is_wide, limbs, number
from rvx.emit.emulate.statements import Statements
from rvx.model.machine import Csr, Machine, StateElement

HART = "rvx_hart"
_HIGHEST = 3  # machine mode, where there are no privileges


def hart(machine: Machine) -> str:
    """The struct and the one hart of a thread, as it is after reset."""
    members, values = [], []
    for state in machine.states.values():
        members.append(f"    {_member(state)} /* {state.width} bits */")
        values.append(_initial(state))
    for file in machine.files.values():
        if file.name not in ALLOCATED:
            members.append(f"    uint64_t {file.name}[{file.count}];")
            values.append("{0}")
    return f"""\
/* What the intrinsics keep between them: the states that the description declares, and registers
 * that no C variable is in. Read and set them as you like. */
struct rvx_hart {{
{chr(10).join(members)}
}};
#ifndef RVX_HART /* every thread has one */
#define RVX_HART __thread __attribute__((__weak__))
#endif
RVX_HART struct rvx_hart {HART} = {{
    {", ".join(values)}
}};
"""


def _member(state: StateElement) -> str:
    count = f"[{state.count}]" if state.count > 1 else ""
    if is_wide(state.width):
        return f"uint32_t {state_name(state.name)}{count}[{limbs(state.width)}];"
    return f"uint64_t {state_name(state.name)}{count};"


def _initial(state: StateElement) -> str:
    values = [_wide(state, v) if is_wide(state.width) else number(v) for v in state.reset]
    return f"{{{', '.join(values)}}}" if state.count > 1 else values[0]


def _wide(state: StateElement, value: int) -> str:
    each = [f"{value >> 32 * i & 0xFFFFFFFF:#x}u" for i in range(limbs(state.width))]
    return f"{{{', '.join(each) if value else '0'}}}"


def state_name(name: str) -> str:
    """The member that holds a state."""
    return f"{name}_" if name in ("register", "default", "switch") else name


def place_of(machine: Machine, name: str, index: int) -> str:
    """The C expression for an element of a state."""
    array = f"[{index}]" if machine.states[name].count > 1 else ""
    return f"{HART}.{state_name(name)}{array}"


class HartScope:
    """What an expression outside any instruction may read: states."""

    def __init__(self, machine: Machine, leave: str) -> None:
        self._machine = machine
        self._leave = leave

    def state(self, name: str, index: int) -> str:
        return place_of(self._machine, name, index)

    def trap(self, text: FunctionText, cause: str, value: str) -> None:
        text.line(self._leave)

    def address(self, operand: str) -> str | None:
        return None

    def register(self, operand: str) -> str:
        raise Unsupported("a CSR depends on an operand")

    def field(self, operand: str) -> str:
        raise Unsupported("a CSR depends on a field")

    def fixed_register(self, file: str, index: int) -> str:
        raise Unsupported("a CSR depends on a register")


def mode_function(machine: Machine) -> str:
    """From the code of a rounding mode to the mode; -1 where there is none."""
    rows = [
        f"    case {code}: return {mode_name(mode)};\n"
        for code, mode in machine.roundings.items()
        if mode is not None
    ]
    dynamic = [code for code, mode in machine.roundings.items() if mode is None]
    read = place_of(machine, "frm", 0) if "frm" in machine.states else "8"
    again = "".join(f"    case {code}: break;\n" for code in dynamic)
    return f"""\
/* The mode of a code: of those that mean the dynamic mode, what frm has. -1 where there is none. */
RVXE_FUNCTION int rvxe_static_mode(uint64_t code)
{{
    switch (code) {{
{"".join(rows)}    default: return -1;
    }}
}}
RVXE_FUNCTION int rvxe_mode(uint64_t code)
{{
    switch (code) {{
{again}    default: return rvxe_static_mode(code);
    }}
    return rvxe_static_mode({read});
}}
"""


# CSRs -------------------------------------------------------------------------------------------


def csr_functions(machine: Machine, formats: Formats) -> str:
    """Reading and writing CSRs by address, and whether that is allowed."""
    alike: dict[tuple[object, ...], list[Csr]] = {}
    for csr in machine.csrs.values():
        key = (csr.value, csr.write, csr.needs, csr.privilege, csr.is_read_only)
        alike.setdefault(key, []).append(csr)
    groups = list(alike.values())
    reads = [_case(machine, formats, group, "read") for group in groups]
    asks = [_case(machine, formats, group, "ask") for group in groups if not group[0].is_read_only]
    writes = [_case(machine, formats, group, "write") for group in groups if group[0].write]
    return f"""\
RVXE_FUNCTION int rvxe_read_csr(int64_t csr, uint64_t *value)
{{
    switch (csr) {{
{"".join(reads)}    default: return 0;
    }}
}}
RVXE_FUNCTION int rvxe_may_write_csr(int64_t csr)
{{
    switch (csr) {{
{"".join(asks)}    default: return 0;
    }}
}}
RVXE_FUNCTION void rvxe_write_csr(int64_t csr, uint64_t l_value)
{{
    switch (csr) {{
{"".join(writes)}    default: break;
    }}
}}
"""


def _case(machine: Machine, formats: Formats, group: list[Csr], what: str) -> str:
    csr, text = group[0], FunctionText(depth=2)
    statements = Statements(machine, text, HartScope(machine, "return 0;"), formats)
    labels = "".join(f"    case {each.address:#x}: /* {each.name} */\n" for each in group)
    try:
        if what != "write":
            if "privilege" in machine.states and csr.privilege:
                privilege = place_of(machine, "privilege", 0)
                text.line(f"if ({privilege} < {csr.privilege}u)")
                text.line("    return 0;")
            if csr.needs is not None:
                text.line(f"if (!{statements.truth(csr.needs)})")
                text.line("    return 0;")
        if what == "read":
            text.line(f"*value = {statements.word(csr.value)};")
        if what == "write":
            statements.run(csr.write, {})
            text.line("break;")
        else:
            text.line("return 1;")
    except Unsupported:  # as a CSR that does not exist
        return ""
    return f"{labels}    {{\n{chr(10).join(text.lines)}\n    }}\n"
