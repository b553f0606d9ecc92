"""Every language says everything: the same keys, the same parts, and every key that the code uses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from codeassist import messages

FOLDER = Path(messages.__file__).parent
PACKAGE = FOLDER.parent
LANGUAGES = messages.languages()


def entries(lang: str) -> dict[str, str | dict[str, str]]:
    return json.loads((FOLDER / f"{lang}.json").read_text(encoding="utf-8"))


def parts(entry: str | dict[str, str]) -> set[str]:
    forms = [entry] if isinstance(entry, str) else list(entry.values())
    return {name for form in forms for name in re.findall(r"\{(\w+)\}", form)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_catalogue_has_the_keys_of_english(lang: str) -> None:
    assert entries(lang).keys() == entries("en").keys()


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
@pytest.mark.parametrize("key", sorted(entries("en")))
def test_texts_name_the_same_parts_in_every_language(lang: str, key: str) -> None:
    theirs, ours = parts(entries(lang)[key]), parts(entries("en")[key])
    assert theirs | {"count"} == ours | {"count"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_entries_have_a_form_for_other(lang: str) -> None:
    assert all("other" in entry for entry in entries(lang).values() if isinstance(entry, dict))


def used_keys() -> set[str]:
    """Keys written out in the code; those that are put together there are left out."""
    found: set[str] = set()
    for folder in ("narrating", "rendering"):
        for path in (PACKAGE / folder).glob("*.py"):
            found |= set(re.findall(r"text\(\s*\"([a-z_.-]+)\"", path.read_text(encoding="utf-8")))
    return found


def test_every_key_in_the_code_is_in_the_catalogue() -> None:
    assert used_keys() - entries("en").keys() == set()
    assert len(used_keys()) > 40


@pytest.mark.parametrize(
    ("wanted", "got"),
    [("en", "en"), ("en_GB", "en"), ("zh-CN", "zh-CN"), ("zh", "zh-CN"), ("zh_TW", "zh-CN"), ("tlh", "en")],
)
def test_a_language_without_a_catalogue_gets_the_nearest(wanted: str, got: str) -> None:
    assert messages.catalogue(wanted).lang == got


def test_plural_form_follows_the_number() -> None:
    text = messages.catalogue("en")
    assert [text("mark.runs", count=count) for count in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_words(items: list[str], said: str) -> None:
    assert messages.catalogue("en").listing(items) == said
