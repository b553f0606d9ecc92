"""`explain` from end to end, on what users really have."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import codeassist

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
SEARCH = '''def search(xs, target):
    """Find target in the sorted list xs.

    >>> search([1, 3, 5, 7, 9, 11], 9)
    4
    """
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == target:
            return mid
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1
'''


def explanations(*words: str, stdin: bytes = b"") -> list[dict]:
    done = codeassist("explain", *words, "--format", "json", "--no-cache", stdin=stdin)
    assert done.status == 0, done.err
    assert done.out.isascii()
    document = done.json
    assert (document["format"], document["version"]) == ("codeassist/report", 1)
    return document["explanations"]


def write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


PAIR = "def double(x):\n    return 2 * x\n\n\ndef shout(text):\n    return text.upper()\n"


def test_a_call_serves_the_functions_that_it_reaches(tmp_path: Path) -> None:
    path = write(tmp_path, "pair.py", PAIR)
    double, shout = explanations(path, "--call", "double(21)")
    assert double["inputs"][0] == {"call": "double(21)", "from": "call"}
    assert {given["from"] for given in shout["inputs"]} == {"generated"}


def test_a_call_that_does_not_reach_the_function_named_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "pair.py", PAIR)
    done = codeassist("explain", f"{path}::shout", "--call", "double(21)", "--no-cache")
    assert done.status == 2
    assert done.err.strip().endswith("--call double(21): does not reach shout")


def test_a_function_with_a_call(tmp_path: Path) -> None:
    path = write(tmp_path, "search.py", SEARCH)
    (found,) = explanations(f"{path}::search", "--call", "search([2, 4, 6], 6)")
    assert found["function"] == "search"
    assert found["line"] == 1
    assert found["inputs"][0] == {"call": "search([2, 4, 6], 6)", "from": "call"}
    assert found["claims"]
    statuses = {claim["verdict"]["status"] for claim in found["claims"]}
    assert "refuted" not in statuses
    returned = [c for c in found["claims"] if c["kind"] == "returns" and not c.get("scope")]
    assert any(claim["value"] == "2" for claim in returned)


def test_the_anatomy_is_there(tmp_path: Path) -> None:
    (found,) = explanations(write(tmp_path, "search.py", SEARCH))
    sections = [section["id"] for section in found["sections"]]
    wanted = ["purpose", "contract", "worked-run", "cost", "edge-cases", "limits"]
    assert [name for name in sections if name in wanted] == wanted
    assert found["inputs"][0]["from"] == "doctest"
    assert found["complexity"]["class"] == "log n"
    known = {claim["id"] for claim in found["claims"]}
    for section in found["sections"]:
        for sentence in section["sentences"]:
            assert set(sentence["claims"]) <= known
            assert sentence["status"] in ("verified", "unchecked", "opinion")


@pytest.mark.parametrize("format_", ["terminal", "markdown", "json"])
def test_each_format_says_the_same_value(tmp_path: Path, format_: str) -> None:
    path = write(tmp_path, "swap.py", "def swap(pair):\n    a, b = pair\n    return b, a\n")
    done = codeassist("explain", path, "--call", "swap((1, 22))", "--format", format_)
    assert done.status == 0
    assert "(22, 1)" in done.out
    assert "\x1b" not in done.out


def test_a_method_a_class_several_files_a_folder_and_stdin(tmp_path: Path) -> None:
    heap = str(EXAMPLES / "min_heap.py")
    assert [e["function"] for e in explanations(f"{heap}::MinHeap.pop")] == ["MinHeap.pop"]
    assert len(explanations(f"{heap}::MinHeap")) == 4
    one, two = write(tmp_path, "p/a.py", SEARCH), write(tmp_path, "p/b.py", "def inc(x):\n    return x + 1\n")
    assert [e["function"] for e in explanations(one, two)] == ["search", "inc"]
    assert [e["function"] for e in explanations(str(tmp_path / "p"))] == ["search", "inc"]
    assert [e["function"] for e in explanations("-", stdin=SEARCH.encode())] == ["search"]


def test_a_static_explanation_runs_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "bomb.py", f"open({str(tmp_path / 'mark')!r}, 'w')\n\ndef f(x):\n    return x\n")
    (found,) = explanations(path, "--no-run")
    assert not (tmp_path / "mark").exists()
    assert found["inputs"] == []
    assert any("--no-run" in limit for limit in found["limits"])


ODD = [
    ("bom", b"\xef\xbb\xbfdef f(x):\n    return x + 1\n"),
    ("crlf", b"def f(x):\r\n    y = x\r\n    return y + 1\r\n"),
    (
        "latin-1",
        "# -*- coding: latin-1 -*-\ndef f(x):\n    größe = x\n    return größe + 1\n".encode("latin-1"),
    ),
    ("tabs", b"def f(x):\n\ty = x\n\treturn y + 1\n"),
    ("form feed", b"import math\n\x0c\ndef f(x):\n    return x + 1\n"),
]


@pytest.mark.parametrize(("name", "content"), ODD, ids=[name for name, _ in ODD])
def test_odd_but_good_input_works(tmp_path: Path, name: str, content: bytes) -> None:
    (found,) = explanations(write(tmp_path, "odd.py", content), "--call", "f(41)")
    assert any(c["kind"] == "returns" and c["value"] == "42" for c in found["claims"])


def test_the_rest_of_a_file_that_does_not_parse_is_explained(tmp_path: Path) -> None:
    path = write(
        tmp_path, "half.py", "def f(x):\n    return x + 1\n\ndef g(:\n    pass\n\ndef h(y):\n    return y\n"
    )
    done = codeassist("explain", path, "--format", "json", "--no-cache")
    assert done.status == 0
    document = done.json
    assert [e["function"] for e in document["explanations"]] == ["f", "h"]
    assert any(notice["line"] == 4 for notice in document["notices"])


def test_what_was_explained_before_is_remembered(tmp_path: Path) -> None:
    path = write(tmp_path, "search.py", SEARCH)
    first = codeassist("explain", path, "--format", "json")
    assert codeassist("explain", path, "--format", "json").out == first.out
    write(tmp_path, "search.py", SEARCH.replace("return -1", "return -2"))
    changed = codeassist("explain", path, "--format", "json")
    assert changed.out != first.out
    assert json.loads(changed.out)["explanations"]


def test_a_raising_call_is_explained(tmp_path: Path) -> None:
    path = write(tmp_path, "div.py", "def half(x):\n    return 10 // x\n")
    (found,) = explanations(path, "--call", "half(0)")
    assert any(c["kind"] == "raises" and c["exception"] == "ZeroDivisionError" for c in found["claims"])


def test_chinese(tmp_path: Path) -> None:
    done = codeassist("explain", write(tmp_path, "search.py", SEARCH), "--lang", "zh-CN")
    assert done.status == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.out)
