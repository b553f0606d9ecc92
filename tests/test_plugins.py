"""One table per seam, entry points only for what it lacks."""

from __future__ import annotations

import importlib.metadata

import pytest

from codeassist import plugins
from codeassist.records.errors import PluginError, UsageError
from tests.support.command import codeassist


@pytest.mark.parametrize("seam", plugins.SEAMS)
def test_every_name_of_our_own_loads(seam: str) -> None:
    for name in plugins.table(seam):
        assert plugins.load(seam, name)


def points(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    point = importlib.metadata.EntryPoint(name, value, "codeassist.backends")
    monkeypatch.setattr(
        importlib.metadata, "entry_points", lambda group: [point] if "backends" in group else []
    )


def test_a_stranger_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch, "mine", "collections:Counter")
    assert plugins.load("backends", "mine").__name__ == "Counter"
    with pytest.raises(UsageError):
        plugins.load("backends", "mine", allow_plugins=False)


def test_a_stranger_cannot_take_our_names(monkeypatch: pytest.MonkeyPatch) -> None:
    points(monkeypatch, "offline", "collections:Counter")
    assert plugins.names("backends")["offline"].startswith("codeassist.")
    assert plugins.load("backends", "offline").name == "offline"


@pytest.mark.parametrize("value", ["no_such_module:X", "collections:NoSuchName", "antigravity_of_nobody"])
def test_a_broken_stranger_is_one_line(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    points(monkeypatch, "broken", value)
    with pytest.raises(PluginError) as error:
        plugins.load("backends", "broken")
    assert "\n" not in str(error.value)


def test_the_command_lists_them() -> None:
    done = codeassist("plugins", "--format", "json")
    assert done.json["plugins"]["backends"]["offline"]
    assert "offline" in codeassist("plugins").out
