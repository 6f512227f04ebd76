"""Tests keep what descriptions become in a cache of their own, shared by the workers."""

from __future__ import annotations

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    if config.cache is not None:
        os.environ["RVX_CACHE_DIR"] = str(config.cache.mkdir("rvx"))
