"""Tests keep what descriptions become in a cache of their own, shared by the workers."""

from __future__ import annotations

import os
import signal

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # As shells start what runs in the background; children would ignore Ctrl-C as well.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    cache = getattr(config, "cache", None)  # not there with `-p no:cacheprovider`
    if cache is not None:
        os.environ["RVX_CACHE_DIR"] = str(cache.mkdir("rvx"))


@pytest.fixture
def regions_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No first code: what is translated are regions, with their loops."""
    monkeypatch.setattr("rvx.jit.supply.Supply.calls_routines", False)
