"""The three streams as shells make them: closed, full, a pipe that nobody reads; and Ctrl-C.

As processes, since all of it is the process's business.
"""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from calling import command_line, environment

PRINTS = """
_start: li   s0, {times}
loop:   li   a0, 1
        la   a1, text
        li   a2, 8
        li   a7, 64
        ecall
        addi s0, s0, -1
        bnez s0, loop
        li   a0, 7
        li   a7, 93
        ecall
        .data
text:   .ascii "a line.\\n"
"""


def shell(folder: Path, script: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `script` in a shell with the command as "$@"; a pipe's status is that of its start."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", script, "bash", *command_line(*words)],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def prints(tmp_path: Path) -> Path:
    (tmp_path / "once.S").write_text(PRINTS.format(times=1), encoding="utf-8")
    (tmp_path / "often.S").write_text(PRINTS.format(times=100_000), encoding="utf-8")
    return tmp_path


def test_a_reader_that_has_seen_enough(prints: Path) -> None:
    run = shell(prints, '"$@" | head -n 1', "run", "-q", "often.S")
    assert (run.returncode, run.stdout, run.stderr) == (141, "a line.\n", "")
    docs = shell(prints, '"$@" | :', "docs")
    assert (docs.returncode, docs.stdout, docs.stderr) == (141, "", "")
    trace = shell(prints, '"$@" 2>&1 >/dev/null | head -n 1', "run", "--trace", "often.S")
    assert (trace.returncode, trace.stdout.count("\n"), trace.stderr) == (141, 1, "")


def test_a_full_device(prints: Path) -> None:
    done = shell(prints, '"$@" >/dev/full', "dis", "0")
    assert (done.returncode, done.stderr) == (
        1,
        "rvx: standard output: No space left on device\n",
    )
    done = shell(prints, '"$@" >/dev/full', "run", "once.S")
    assert (done.returncode, done.stderr) == (
        125,
        "rvx: standard output: No space left on device\n",
    )
    done = shell(prints, '"$@" 2>/dev/full', "run", "none.S")
    assert (done.returncode, done.stdout) == (125, "")


def test_closed_streams(prints: Path) -> None:
    done = shell(prints, '"$@" >&-', "dis", "0")
    assert (done.returncode, done.stderr) == (1, "rvx: standard output: Bad file descriptor\n")
    done = shell(prints, '"$@" 2>&-', "run", "once.S")
    assert (done.returncode, done.stdout, done.stderr) == (7, "a line.\n", "")
    done = shell(prints, '"$@" <&-', "run", "-q", "once.S", "--stamps", "stamps")
    assert (done.returncode, done.stdout, done.stderr) == (7, "a line.\n", "")
    assert (prints / "stamps").read_text().startswith("80000000 0\n")
    done = shell(prints, '"$@" <&- >&- 2>&-', "run", "none.S")
    assert (done.returncode, done.stdout, done.stderr) == (125, "", "")


def test_an_encoding_that_lacks_a_letter(prints: Path) -> None:
    (prints / "größe.S").write_text("_start: größe: nop\n", encoding="utf-8")
    words = ("asm", "größe.S", "-o", "p.elf", "--listing")
    done = shell(prints, 'PYTHONIOENCODING=ascii "$@"', *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"gr\xf6\xdfe: nop" in done.stdout


@pytest.mark.parametrize("core", ["single", "cv32e40p"])
def test_control_c(tmp_path: Path, core: str) -> None:
    """A guest that never ends says first that it has started."""
    (tmp_path / "p.S").write_text(
        "_start: li a0, 2\n la a1, text\n li a2, 1\n li a7, 64\n ecall\n j .\n"
        '.data\ntext: .ascii "."\n',
        encoding="utf-8",
    )
    process = subprocess.Popen(
        command_line("run", "p.S", "--core", core, "--stamps", "stamps"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert process.stderr.read(1) == b"."
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err) == (130, b"", b"rvx: interrupted\n")
    assert [path.name for path in tmp_path.iterdir()] == ["p.S"]


def test_control_c_while_it_starts(tmp_path: Path) -> None:
    """Whatever is being imported: an import may swallow the exception of an interrupt."""
    (tmp_path / "p.S").write_text("_start: j .\n", encoding="utf-8")
    for delay in (0.4, 0.6, 0.8):
        process = subprocess.Popen(
            command_line("run", "p.S"), cwd=tmp_path, env=environment(), stderr=subprocess.PIPE
        )
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(delay)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=5)
        # Before rvx has begun, and while it compiles text, Python dies of the signal itself.
        assert process.returncode in (130, -signal.SIGINT)
        assert err.splitlines()[-1:] in ([b"rvx: interrupted"], [b"KeyboardInterrupt"], [])
