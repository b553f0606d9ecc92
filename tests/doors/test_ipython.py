"""`%explain` and `%%trace`, in a real kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

from codeassist.pipeline.cells import is_expression, program

SECRET = "hunter2-is-secret-9f3a"


class Notebook:
    """A kernel with the extension, and what its cells showed."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def run(self, code: str) -> dict[str, str]:
        """What one cell gave: text, html, printed text, error."""
        found: dict[str, str] = {"text": "", "html": "", "printed": "", "error": ""}

        def take(message: dict[str, Any]) -> None:
            content = message["content"]
            if message["msg_type"] == "display_data":
                found["text"] += content["data"]["text/plain"]
                found["html"] += content["data"].get("text/html", "")
            elif message["msg_type"] == "stream":
                found["printed"] += content["text"]
            elif message["msg_type"] == "error":
                found["error"] += f"{content['ename']}: {content['evalue']}"

        self.client.execute_interactive(code, timeout=60, output_hook=take)
        return found


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Notebook]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    try:
        opened = Notebook(client)
        assert opened.run("%load_ext codeassist")["error"] == ""
        opened.run("import math\nLIMIT = 3\ndata = [3, 1, 2]")
        opened.run("def capped(n):\n    return min(n, LIMIT)")
        opened.run(
            "def total(xs):\n    '''Sum of capped values.'''\n    result = 0\n    for x in xs:\n"
            "        result += capped(x)\n    return result"
        )
        yield opened
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_function_of_a_cell_is_explained_with_what_it_needs_of_other_cells(notebook: Notebook) -> None:
    shown = notebook.run("%explain total([5, 1])")
    assert shown["printed"] == shown["error"] == ""
    assert "total([5, 1]) gives 4" in shown["text"]
    assert "✓" in shown["html"]
    assert "<script" not in shown["html"]
    assert "<body" not in shown["html"]


def test_a_function_of_a_file_is_explained_where_it_stands(notebook: Notebook) -> None:
    shown = notebook.run("import bisect\nimport colorsys\n%explain colorsys.rgb_to_yiq")
    assert "colorsys.py:" in shown["text"]


def test_a_call_is_traced_with_the_values_of_the_notebook(notebook: Notebook) -> None:
    shown = notebook.run("%%trace\ntotal(data)")
    assert "returned 6" in shown["text"]
    assert "xs = [3, 1, 2]" in shown["text"]


def test_a_cell_is_traced_and_changes_nothing_here(notebook: Notebook) -> None:
    shown = notebook.run("%%trace\nseen = []\nfor x in data:\n    seen.append(capped(x) * 2)\nprint(seen)")
    assert "out » [6, 2, 4]" in shown["text"]
    assert notebook.run("seen")["error"].startswith("NameError")


def test_an_exception_of_the_cell_is_part_of_the_trace(notebook: Notebook) -> None:
    shown = notebook.run("%%trace\nif data:\n    1 / 0")
    assert "raised ZeroDivisionError" in shown["text"]
    assert shown["error"] == ""


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("%explain", "explain what?"),
        ("%explain nothing_here", "nothing here is called"),
        ("%explain math.sqrt", "no function of Python code"),
        ("%explain data", "no function of Python code"),
        ("%explain data.nothing", "there is no 'nothing'"),
        ("%explain __import__('os').getcwd()", "nothing here is called"),
        ("%explain total(", "--call"),
        ("%%trace\ntotal(", "SyntaxError"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_the_kernel_lives_on(
    notebook: Notebook, line: str, word: str
) -> None:
    shown = notebook.run(line)
    assert word in shown["printed"] + shown["text"]
    assert "Traceback" not in shown["printed"]
    assert notebook.run("print('alive')")["printed"] == "alive\n"


def test_no_secret_is_shown(notebook: Notebook) -> None:
    notebook.run(f"password = {SECRET!r}\ndef check(given):\n    right = password\n    return given == right")
    explained, traced = notebook.run("%explain check('x')"), notebook.run("%%trace\ncheck('x')")
    assert "check" in explained["text"]
    for shown in (explained, traced):
        assert SECRET not in shown["text"] + shown["html"]


CELLS = [
    "import os, sys as s\nfrom math import sqrt",
    "x = 1",
    "def g(n):\n    return sqrt(n) + x",
    "get_ipython().run_line_magic('time', 'g(3)')\nx = 2\nx += 1",
    "class A(Base):\n    y = g(1)",
    "def g(n): return n\n",
    "broken = (",
]


@pytest.mark.parametrize(
    ("wanted", "values", "expected"),
    [
        ("1 + 1", {}, ""),
        ("print(unknown)", {}, ""),
        ("sqrt(2)", {}, "from math import sqrt"),
        ("x", {}, "x = 2\n\nx += 1"),
        ("x", {"x": "7"}, "x = 7"),
        ("g(2)", {}, "def g(n): return n"),
        ("A", {"g": "no"}, "class A(Base):\n    y = g(1)\n\ndef g(n): return n"),
        ("s.path", {}, "import os, sys as s"),
        ("get_ipython()", {}, ""),
    ],
)
def test_a_program_holds_what_is_needed_in_order(wanted: str, values: dict[str, str], expected: str) -> None:
    assert program(CELLS, wanted, values).strip() == expected


def test_only_a_cell_with_one_expression_is_a_call() -> None:
    assert is_expression("f(1)\n")
    assert not is_expression("f(1)\nf(2)")
    assert not is_expression("x = f(1)")
    assert not is_expression("")


def test_loading_the_package_loads_no_ipython(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = "import sys, codeassist; print('IPython' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"
