"""The `rvx` command: finds the subcommand, and turns every expected error into one line."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

COMMANDS = (
    *("check", "list", "asm", "cc", "dis", "run", "bench", "compare", "header", "docs"),
    *("cache", "lockstep", "verify", "timing", "calibrate", "numbers", "train"),
)


class UserError(Exception):
    """Something the user can mend: one line, and the status that the command ends with, where
    that is not the command's own for unusable input."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one line, as all other errors are said."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"rvx: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status. Without arguments it is what the process is for."""
    if arguments is not None:
        return _run(list(arguments))
    # A start makes much that stays and no garbage; looking for some takes a quarter of it.
    gc.set_threshold(100_000, 20, 20)
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()  # nor is it worth looking at the end


def _run(words: list[str]) -> int:
    _prepare_streams()
    given = argparse.Namespace()
    try:
        _parse(words, given)
        status = int(given.run(given))
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _fail("interrupted", 130)
    except BrokenPipeError:
        _give_up_output()  # nobody reads any more: end as other filters do
        return 141
    except Exception as error:
        unusable = int(getattr(given, "unusable", 1))
        if isinstance(error, UserError):
            return _fail(str(error), unusable if error.status is None else error.status)
        from rvx.command.errors import expected

        message = expected(error)
        if message is None:
            raise
        return _fail(message, unusable)
    return status


def _parse(words: list[str], given: argparse.Namespace) -> None:
    """Sets what the words say. Commands that pass words on get those behind `--` in `behind`, and
    where they pass flags on, those that are no options of theirs in `flags`. Files may stand behind
    options, as GNU's tools have it: argparse gives those of `late_files` as words it does not know.
    """
    given.behind = []
    if words[:1] in (["run"], ["cc"]) and "--" in words:
        end = words.index("--")
        words, given.behind = words[:end], words[end + 1 :]
    parser = _parser(words)
    _, given.flags = parser.parse_known_args(words, given)
    if (late_files := getattr(given, "late_files", None)) is not None:
        late = [Path(word) for word in given.flags if word[:1] != "-"]
        setattr(given, late_files, [*getattr(given, late_files), *late])
        given.flags = [word for word in given.flags if word[:1] == "-"]
    if given.flags and not getattr(given, "passes_flags", False):
        parser.error(f"unrecognized arguments: {' '.join(given.flags)}")


def _fail(message: str, status: int) -> int:
    """One line on standard error, after what the command has printed."""
    try:
        sys.stdout.flush()
    except OSError:
        _give_up_output()
    try:
        print(f"rvx: {message}", file=sys.stderr)
    except OSError:
        _give_up_output()
    return status


def _prepare_streams() -> None:
    """Open the streams that the caller has closed (`rvx ... >&-`): reading finds nothing, writing
    to standard output fails, and no file that is opened later takes the place of one. What the
    caller's encoding cannot express is escaped."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _give_up_output() -> None:
    """Let the interpreter's own flush at exit go nowhere instead of failing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Knows the command that the words name, or all of them for the help."""
    parser = Parser(
        prog="rvx",
        description="A RISC-V ISA-extension toolkit: declare instructions, assemble, run, compare.",
        epilog="Each command has --help with an example. Start with: rvx bench",
    )
    version = f"rvx {rvx_version()}" if "--version" in words else ""
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    named = [word for word in words[:1] if word in COMMANDS]
    runs = named == ["train"] or (named == ["run"] and len(words) > 1)
    if runs and not {"reference", "-h", "--help"} & {*words}:
        from rvx.jit.ahead import load_llvm

        load_llvm(translator=named == ["train"])
    asks_nothing = words[:1] == ["--version"]
    with _interrupts_that_exit():
        for name in () if asks_nothing else named or COMMANDS:
            import_module(f"rvx.command.{name}_command").add(commands)
    return parser


@contextmanager
def _interrupts_that_exit() -> Iterator[None]:
    """For imports, where a KeyboardInterrupt may be swallowed or become some other exception."""

    def stop(number: int, frame: object) -> NoReturn:
        os.write(2, b"rvx: interrupted\n")
        os._exit(130)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    try:
        signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread, which alone is interrupted
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def rvx_version() -> str:
    """The version of the installed package."""
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked for

    try:
        return version("rvx")
    except PackageNotFoundError:
        return "unknown (not installed)"
