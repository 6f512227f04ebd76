"""One instruction: the first form of its mnemonic that its operands fit."""

from __future__ import annotations

from rvx.asm.argument import Argument, Call, given
from rvx.asm.form import Form, Forms
from rvx.asm.pseudo import load_or_store
from rvx.asm.slot import Mismatch, Site
from rvx.asm.unit import Unit


def instruction(unit: Unit, forms: Forms, call: Call) -> None:
    """Assemble one instruction."""
    rest = call.rest
    if "'" in rest or '"' in rest:
        texts = [argument.text for argument in call.arguments()]
    else:
        texts = [text.strip() for text in rest.split(",")] if rest else []
    mismatch: tuple[Mismatch, Argument] | None = None
    for form in forms.by_count.get(len(texts), ()):
        word = form.word
        for known, text in zip(form.known, texts, strict=True):
            bits = known.get(text)
            if bits is None:
                break
            word |= bits
        else:
            emit = unit.emit_instruction if form.is_long else unit.emit_word
            emit(word, form.length, call)
            return
        if (found := _matched(unit, form, call)) is None:
            return
        mismatch = found
    if not load_or_store(unit, call):
        raise _no_form(call, forms, mismatch)


def _matched(unit: Unit, form: Form, call: Call) -> tuple[Mismatch, Argument] | None:
    """Emit the form with operands that need a closer look; or say which one does not fit."""
    site = Site(unit)
    word = form.word
    for slot, argument in zip(form.slots, call.arguments(), strict=True):
        bits = slot.known.get(argument.text)
        if bits is None:
            try:
                bits = slot.match(unit.operand(argument), argument, site)
            except Mismatch as mismatch:
                return mismatch, argument
        word |= bits
    if site.fixups:
        if len(site.fixups) > 1 or not form.is_long or not unit.emit_jump(word, site.fixups[0]):
            for kind, tree, position in site.fixups:
                unit.fix(kind, tree, position)
            unit.emit_word(word, form.length, call)
    elif form.is_long:
        unit.emit_instruction(word, form.length, call)
    else:
        unit.emit_word(word, form.length, call)
    return None


def _no_form(call: Call, forms: Forms, mismatch: tuple[Mismatch, Argument] | None) -> Exception:
    usages = " or ".join(f"`{usage}`" for usage in forms.usages)
    if mismatch is None:
        return call.error(f"{given(len(call.arguments()))}: write {usages}")
    problem, argument = mismatch
    return argument.error(f"{problem}: write {usages}", problem.at)
