"""From IR text to machine code: LLVM's passes, its code generator, and its linker."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Any

import llvmlite.binding as llvm

from rvx.jit.host import Host, this_host

_NAMES = count()
_LINKED = 128  # libraries of one linker
_WIDE = (" half ", "@llvm.ctlz.v")  # in text that is for a host which has these


@lru_cache(maxsize=1)
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


@lru_cache(maxsize=8)  # levels, wide and not
def target_machine(host: Host, level: int, is_wide: bool = False) -> llvm.TargetMachine:
    """The code generator at an optimisation level, 0 to 2. It makes position-independent code.
    `is_wide`: with what the host has for wide vectors and half precision.

    With the small code model a constant is one instruction away. An object's parts must then lie
    near each other: JITLink places them together, and checks.
    """
    _initialize()
    return llvm.Target.from_triple(host.triple).create_target_machine(
        cpu=host.cpu,
        features=(is_wide and host.wide_features) or host.features,
        opt=level,
        reloc="pic",
        codemodel="small",
        jit=True,
    )


def compile_object(
    text: str, level: int, host: Host | None = None, parts: Sequence[str] = ()
) -> bytes:
    """An object file of the module, with other modules linked into it. Level 0 runs no passes over
    the IR; 1 those that bring values into registers; 2 all but unrolling.

    Raises RuntimeError where LLVM does not take the text: a defect of ours.
    """
    # Other code is better without: comparisons then leave their result in registers of their own.
    is_wide = any(mark in each for each in (text, *parts) for mark in _WIDE)
    machine = target_machine(host or this_host(), level, is_wide)
    module = llvm.parse_assembly(text)
    for part in parts:
        module.link_in(llvm.parse_assembly(part))
    if level:
        tuning = llvm.create_pipeline_tuning_options(speed_level=level)
        tuning.loop_unrolling = False
        tuning.loop_vectorization = False
        tuning.slp_vectorization = False
        builder = llvm.create_pass_builder(machine, tuning)
        passes = _quick_passes() if level == 1 else builder.getModulePassManager()
        passes.run(module, builder)
    return bytes(machine.emit_object(module))


def _quick_passes() -> llvm.ModulePassManager:
    passes = llvm.create_new_module_pass_manager()
    passes.add_always_inliner_pass()
    passes.add_sroa_pass()
    passes.add_simplify_cfg_pass()
    passes.add_new_gvn_pass()  # what was stored need not be loaded
    passes.add_global_dead_code_eliminate_pass()
    passes.add_dead_store_elimination_pass()
    passes.add_simplify_cfg_pass()
    return passes


class Code:
    """Objects linked into this process. Losing the last reference frees the code."""

    def __init__(
        self,
        objects: Sequence[bytes],
        names: Sequence[str],
        imports: Mapping[str, int] | None = None,
    ) -> None:
        """`names` are exported; `imports` are addresses of functions that lie elsewhere."""
        builder = llvm.JITLibraryBuilder()
        for each in objects:
            builder.add_object_img(each)
        for name in names:
            builder.export_symbol(name)
        for name, address in (imports or {}).items():
            builder.import_symbol(name, address)
        builder.add_current_process()
        number = next(_NAMES)
        linker = _linker(number // _LINKED)
        # Freed in the order in which they are set: code before the linker that has it.
        self._tracker = builder.link(linker, f"rvx.{number}")
        self._linker = linker
        self._names = frozenset(names)

    def address(self, name: str) -> int:
        """The address of an exported function."""
        assert name in self._names, name
        return int(self._tracker[name])

    def function(self, name: str, result: type | None, *parameters: type) -> Callable[..., Any]:
        """An exported function, callable by ctypes; it releases the GIL."""
        return ctypes.CFUNCTYPE(result, *parameters)(self.address(name))


@lru_cache(maxsize=1)
def _linker(generation: int) -> llvm.LLJIT:
    """The linker of now. It lives as long as code that it linked; then what freed libraries have
    left in it goes too, 9 kB each."""
    return llvm.create_lljit_compiler(target_machine(this_host(), 2), use_jit_link=True)
