"""Every test has a home of its own: no settings, cache or trust of the person who runs the tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

HAS_TORCH = importlib.util.find_spec("torch") is not None
HAS_TRL = HAS_TORCH and importlib.util.find_spec("trl") is not None
collect_ignore = [*([] if HAS_TORCH else ["gpt"]), *([] if HAS_TRL else ["tuning"])]


def pytest_report_header() -> str:
    """Say what is left out, and how to have it: `.ci/run` always installs it."""
    return "" if HAS_TRL else "tests/gpt and tests/tuning need torch: pip install -e '.[dev,local,train]'"


@pytest.fixture(autouse=True)
def private_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point the platform's folders at an empty place and drop every CODEASSIST_ variable."""
    import os

    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in list(os.environ):
        if name.startswith("CODEASSIST_"):
            monkeypatch.delenv(name)
    return home
