"""Ctrl-C, HTIF, and other things that end or disturb a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from assembled import machine, state_of

from rvx.jit.drafts import QUICK
from rvx.jit.tier import BEST

ENDLESS = "1: addi s1, s1, 1\n addi s2, s2, 3\n mul s3, s1, s2\n j 1b\n"

_PROGRAM = """
import os, signal, sys, threading, time
sys.path.insert(0, sys.argv[1])
from assembled import machine, state_of
from test_engine_interrupt import ENDLESS
made = machine(ENDLESS, core="cv32e40p")
for _ in range(3):
    sent = []
    def send():
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)
    threading.Timer(0.3, send).start()
    try:
        made.run()
    except KeyboardInterrupt:
        # Of this process's own time: others may keep it waiting.
        assert time.process_time() - sent[0] < 0.25
    else:
        sys.exit("not interrupted")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert made.instret > 1_000_000
other = machine(ENDLESS, core="cv32e40p")
other.run(made.instret)
assert state_of(made) == state_of(other)
for each in (made, other):
    each.engine = "reference"
    each.run(100)
assert state_of(made) == state_of(other)
print("coherent")
"""


@pytest.mark.skipif(os.name == "nt", reason="no signals to a process of one's own")
def test_ctrl_c_leaves_a_machine_that_can_go_on():
    command = [sys.executable, "-c", _PROGRAM, str(Path(__file__).parent)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("coherent\n", "")


@pytest.mark.skipif(os.name == "nt", reason="no signals to a process of one's own")
def test_a_handler_of_the_users_own_is_called_and_the_run_goes_on():
    made, called = machine(ENDLESS), []
    before = signal.signal(signal.SIGINT, lambda *_: called.append(made.instret))
    try:
        timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        made.run(200_000_000)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert made.instret == 200_000_000
    assert len(called) == 1


def test_a_run_in_another_thread():
    made, other = machine(ENDLESS), machine(ENDLESS, engine="reference")
    thread = threading.Thread(target=made.run, args=(30_001,))
    thread.start()
    other.run(30_001)
    thread.join()
    assert state_of(made) == state_of(other)


def test_two_machines_run_beside_each_other():
    machines = [machine(ENDLESS) for _ in range(3)]
    threads = [threading.Thread(target=m.run, args=(3_000_000,)) for m in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {m.instret for m in machines} == {3_000_000}
    assert len({str(state_of(m)) for m in machines}) == 1


def test_a_half_stored_command_is_polled_at_the_same_time():
    """tohost's low half alone, and then a loop: the poll some thousand instructions later ends."""
    text = """
        .globl tohost
        li s0, 5000
1:      addi s0, s0, -1
        bnez s0, 1b
        la t0, tohost
        li t1, 7
        sw t1, 0(t0)
2:      addi s1, s1, 1
        j 2b
        .data
        .balign 64
tohost: .dword 0
"""
    made, other = machine(text), machine(text, engine="reference")
    assert made.run(100_000) == other.run(100_000)
    assert state_of(made) == state_of(other)


def test_better_code_takes_over_while_the_guest_runs():
    made, levels = machine(ENDLESS), set()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and BEST not in levels:
        made.run(20_000_000)
        levels |= {kept.level for kept in _regions(made)}
    assert levels == {0, QUICK, BEST}
    loops = made.instret // 4
    assert made.hart.registers["x"][9] == loops & 0xFFFF_FFFF


def _regions(made):
    return [linked.kept for linked in made._jit._native._supply.library._regions.values()]
