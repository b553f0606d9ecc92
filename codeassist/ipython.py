"""The door in notebooks: `%load_ext codeassist`, then `%explain func` and `%%trace`."""

from __future__ import annotations

import ast
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from IPython.core.error import UsageError as MagicError
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, line_magic, magics_class
from IPython.display import display

from codeassist import pipeline
from codeassist.pipeline.cells import is_expression, program
from codeassist.pipeline.leaving import safe_text
from codeassist.records.errors import CodeassistError, UsageError

FILE = "notebook.py"
LONGEST = 10_000
"""characters of a variable's value that stands in for the statement that made it"""


@magics_class
class CodeassistMagics(Magics):
    """`%explain` and `%%trace`. Code runs in the sandbox, beside the kernel: its variables do not change."""

    @line_magic
    def explain(self, line: str) -> None:
        """Explain a function, checked against runs: `%explain func` or `%explain func([3, 1, 2])`."""
        self._safely(lambda: self._explain(line.strip().rstrip(";")))

    @cell_magic
    def trace(self, line: str, cell: str) -> None:
        """Run the cell recorded, step by step. It sees what the notebook defines, and changes nothing."""
        self._safely(lambda: self._trace(cell))

    @property
    def _shell(self) -> InteractiveShell:
        assert self.shell is not None  # magics are registered with one
        return self.shell

    def _safely(self, work: Callable[[], None]) -> None:
        """Our errors in one line, as IPython shows a wrong use of a magic."""
        try:
            work()
        except CodeassistError as error:
            raise MagicError(f"{error.slug}: {error}") from None

    def _explain(self, text: str) -> None:
        from codeassist.pipeline.explaining import explain
        from codeassist.rendering.html_fragment import fragment
        from codeassist.rendering.report import render_report

        name = text.partition("(")[0].strip()
        if not name:
            raise UsageError("explain what?", hint="%explain func, or %explain func([3, 1, 2])")
        call = (text,) if "(" in text else ()
        with self._target(name) as target, _session(target) as opened:
            report = explain([target], opened, pipeline.ExplainOptions(calls=call))
            paths = [str(explanation.function.path) for explanation in report.explanations]
            _show(fragment(report), render_report(report, "terminal", width=100, color=False), paths)

    def _trace(self, cell: str) -> None:
        from codeassist.pipeline.recording import TraceOptions, trace
        from codeassist.rendering.trace_view import FORMATS, render_trace

        with _written(self._program(cell)) as path:
            if is_expression(cell):
                options = TraceOptions(call=cell.strip())
            else:
                options = TraceOptions(script=(path := _beside(path, cell),))
            with _session(path) as opened:
                view = trace(path, opened, options)
                text = "".join(render_trace(view, "terminal", width=100, color=False))
                page = "".join(render_trace(view, "html")) if "html" in FORMATS else ""
                _show(_framed(safe_text(page, view.sources)) if page else "", text, list(view.sources))

    @contextmanager
    def _target(self, name: str) -> Iterator[str]:
        """The function as a target: in its own file, or in one written from the notebook's cells."""
        found = _resolved(name, self._shell.user_ns)
        plain = inspect.unwrap(found) if callable(found) else found
        path = _source_file(plain)
        qualname = getattr(plain, "__qualname__", "").replace(".<locals>", "")
        if not (inspect.isfunction(plain) or inspect.isclass(plain)):
            raise UsageError(f"{name} is no function of Python code", hint="name a function or a class")
        if path:
            yield f"{path}::{qualname}"
            return
        with _written(self._program(qualname.partition(".")[0])) as written:
            yield f"{written}::{qualname}"

    def _program(self, wanted: str) -> str:
        """All that `wanted` needs of the notebook, as a source text."""
        shell = self._shell
        python: Callable[[str], str] = shell.transform_cell  # magics become calls
        cells = [python(text) for text in shell.user_ns.get("In", [])[:-1]]
        return program(cells, wanted, _literals(shell.user_ns))


def _resolved(name: str, namespace: dict[str, Any]) -> Any:
    """The object that a dotted name means; nothing is evaluated but attributes."""
    first, *rest = name.split(".")
    if not first.isidentifier() or first not in namespace:
        raise UsageError(f"nothing here is called {first!r}", hint="name a function: %explain func")
    found = namespace[first]
    for part in rest:
        try:
            found = inspect.getattr_static(found, part)
        except AttributeError:
            raise UsageError(f"{name}: there is no {part!r}", hint="check the name") from None
    return getattr(found, "__func__", getattr(found, "fget", found)) or found


def _source_file(found: Any) -> str:
    """The file that holds an object; empty for what was typed into a cell."""
    try:
        path = inspect.getsourcefile(found) or ""
    except TypeError:
        return ""
    return path if os.path.isfile(path) else ""


def _literals(namespace: dict[str, Any]) -> dict[str, str]:
    """Variables that hold plain data, as literal texts."""
    found = {}
    for name, value in list(namespace.items()):
        if name.startswith("_") or name in ("In", "Out") or not isinstance(value, _PLAIN):
            continue
        try:
            text = repr(value)
            if len(text) <= LONGEST and ast.literal_eval(text) == value:
                found[name] = text
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return found


_PLAIN = (int, float, complex, str, bytes, bool, type(None), list, tuple, dict, set)


@contextmanager
def _written(text: str) -> Iterator[str]:
    with TemporaryDirectory(prefix="codeassist-") as folder:
        path = Path(folder) / FILE
        path.write_text(text, encoding="utf-8")
        yield str(path)


def _beside(path: str, cell: str) -> str:
    """The cell as a script that sees the program at `path`."""
    script = Path(path).with_name("cell.py")
    names = f"from {Path(FILE).stem} import *\n" if Path(path).read_text(encoding="utf-8").strip() else ""
    script.write_text(names + cell, encoding="utf-8")
    return str(script)


@contextmanager
def _session(target: str) -> Iterator[pipeline.Session]:
    """A session whose code runs in the kernel's interpreter: the user has chosen that by starting it."""
    with pipeline.session(target.partition("::")[0], python=sys.executable) as opened:
        yield opened


def _show(page: str, text: str, paths: list[str]) -> None:
    """HTML where it can be shown, text elsewhere; without secrets, since notebooks are shared."""
    bundle = {"text/plain": safe_text(text, paths)}
    if page:
        bundle["text/html"] = safe_text(page, paths)
    display(bundle, raw=True)  # type: ignore[no-untyped-call]


def _framed(page: str) -> str:
    """A whole page, its scripts and styles kept apart from the notebook's."""
    import html

    return (
        f'<iframe srcdoc="{html.escape(page)}" sandbox="allow-scripts" style="width: 100%; height: 640px; '
        'border: 1px solid #8884"></iframe>'
    )


def load(shell: InteractiveShell) -> None:
    """Register the magics."""
    shell.register_magics(CodeassistMagics)
