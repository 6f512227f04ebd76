"""The C text of our structs: formats that C lacks, and the way to and from bits."""

from __future__ import annotations

from rvx.emit.c_name import identifier
from rvx.emit.ctype import Packed


def structs(types: tuple[Packed, ...]) -> str:
    """The structs of a header, each with its conversions."""
    if not types:
        return ""
    aliases = dict.fromkeys(name for type in types for name in (type.word, type.raw))
    lines = [
        "/* Formats that C lacks, one struct each. _from_bits and _to_bits keep every bit; _load",
        " * and _store take the address of an object of any type, aligned to the size. With lanes",
        " * _make takes the bits of each, lane 0 first, and _splat those of all; _get and _set are",
        " * about lane i, counted modulo their number. */",
        *(
            f"typedef {name} __attribute__((__may_alias__)) rvx_alias_{identifier(name)};"
            for name in aliases
        ),
        "",
    ]
    return "\n".join([*lines, *(_struct(type) + _lanes(type) for type in types)])


def _struct(type: Packed) -> str:
    name, word, raw = type.name, type.word, type.raw
    held = f"uint{type.raw_bits}_t"
    spare = (1 << type.raw_bits) - (1 << type.bits) if type.boxed else 0
    suffix = "u" if type.raw_bits <= 32 else "ull"
    mask = f" & {(1 << type.bits) - 1:#x}{suffix}" if type.bits < type.word_bits else ""
    given = f"({held})(bits{mask})" if mask else f"({held})bits"
    found = f"({word})(held{mask})" if mask else f"({word})held"
    if spare:
        given = f"{spare:#x}{suffix} | {given}"
    if type.word_bits == type.raw_bits and not spare:
        loaded = f"const {name} value = {{ *(const rvx_alias_{raw} *)address }};\n    return value;"
        stored = f"*(rvx_alias_{raw} *)address = value.raw;"
    else:
        loaded = f"return {name}_from_bits(*(const rvx_alias_{word} *)address);"
        stored = f"*(rvx_alias_{word} *)address = {name}_to_bits(value);"
    return f"""\
/* {type.doc}. */
typedef struct {{ {raw} raw; }} {name};
RVX_FUNCTION {name} {name}_from_bits({word} bits)
{{
    const {held} held = {given};
    {name} value;
    __builtin_memcpy(&value.raw, &held, sizeof held);
    return value;
}}
RVX_FUNCTION {word} {name}_to_bits({name} value)
{{
    {held} held;
    __builtin_memcpy(&held, &value.raw, sizeof held);
    return {found};
}}
RVX_FUNCTION {name} {name}_load(const void *address)
{{
    {loaded}
}}
RVX_FUNCTION void {name}_store(void *address, {name} value)
{{
    {stored}
}}
"""


def _lanes(type: Packed) -> str:
    """Making and taking apart several lanes: on plain bits, which compilers see through."""
    if type.lanes == 1:
        return ""
    name, word, lane, bits = type.name, type.word, type.lane_word, type.lane_bits
    mask = f"(({word})({(1 << bits) - 1:#x}u{'ll' if bits > 32 else ''}))"
    given = ", ".join(f"{lane} lane{i}" for i in range(type.lanes))
    placed = " | ".join(
        f"({word})((({word})lane{i} & {mask}) << {i * bits})" for i in range(type.lanes)
    )
    place = f"(i % {type.lanes}u * {bits}u)"
    return f"""\
RVX_FUNCTION {name} {name}_make({given})
{{
    return {name}_from_bits(({word})({placed}));
}}
RVX_FUNCTION {name} {name}_splat({lane} lane)
{{
    return {name}_make({", ".join(["lane"] * type.lanes)});
}}
RVX_FUNCTION {lane} {name}_get({name} value, unsigned i)
{{
    return ({lane})({name}_to_bits(value) >> {place} & {mask});
}}
RVX_FUNCTION {name} {name}_set({name} value, unsigned i, {lane} lane)
{{
    const {word} kept = ({word})({name}_to_bits(value) & ~({word})({mask} << {place}));
    return {name}_from_bits(({word})(kept | ({word})((({word})lane & {mask}) << {place})));
}}
"""
