"""Layers, origins, and what a repository may not choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from codeassist.records.errors import SettingsError
from codeassist.settings import load, project_root, user_file


def project(folder: Path, text: str) -> str:
    (folder / "pyproject.toml").write_text(f"[tool.codeassist]\n{text}\n")
    return str(folder)


FORBIDDEN = [
    'base_url = "http://evil.example"',
    'python = "/tmp/python"',
    'backend = "openai"',
    'cluster = "tcp://evil"',
    'cache-dir = "/tmp"',
    'prompts = "/tmp"',
    "plugins = false",
    'sandbox = "off"',
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_a_repository_is_refused_until_it_is_trusted(tmp_path: Path, text: str) -> None:
    name = text.partition(" ")[0].replace("-", "_")
    root = project(tmp_path, text)
    refused = load(root)
    assert refused.origins[name] == "default"
    assert "config trust" in refused.refused[0]
    assert load(root, trusted=True).origins[name].startswith("repository")


def test_a_repository_may_be_stricter_and_choose_what_is_harmless(tmp_path: Path) -> None:
    settings = load(project(tmp_path, 'sandbox = "strict"\nlang = "zh-CN"\ntime-limit = 3'))
    assert (settings["sandbox"], settings["lang"], settings["time_limit"]) == ("strict", "zh-CN", 3.0)


def test_later_layers_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(tmp_path, 'lang = "zh-CN"\nlevel = "developer"\nbudget = 4')
    user_file().parent.mkdir(parents=True)
    user_file().write_text('lang = "en"\njobs = 2\n')
    monkeypatch.setenv("CODEASSIST_LEVEL", "learner")
    settings = load(root, {"budget": 7.0, "jobs": None})
    assert [settings[n] for n in ("lang", "level", "budget", "jobs")] == ["zh-CN", "learner", 7.0, 2]
    assert settings.origins["budget"] == "flag"
    assert settings.origins["level"] == "environment: CODEASSIST_LEVEL"


@pytest.mark.parametrize(
    "text", ["time-limit = -1", 'level = "wizard"', "nonsense = 1", "lang = 3", "jobs = 0"]
)
def test_an_unusable_value_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as error:
        load(project(tmp_path, text))
    assert "\n" not in str(error.value)


def test_a_broken_file_of_the_repository_does_not_stop_us(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.codeassist\nlang = ")
    assert load(str(tmp_path))["lang"] == "en"


def test_the_root_is_the_nearest_folder_with_a_mark(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "setup.py").write_text("")
    (inner / "x.py").write_text("")
    assert project_root(str(inner / "x.py")) == str(tmp_path)
