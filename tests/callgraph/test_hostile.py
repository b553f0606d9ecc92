"""Programs made to break a solver: cycles, chains, growth without end. All of them must end quickly."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from codeassist.callgraph import solve
from codeassist.parsing import read_source, skim

PROGRAMS = {
    "class that is its own base": "class A(A): pass\nA().f()\n",
    "bases in a circle": "class A: pass\nclass B(A): pass\nA = B\nclass C(A, B): pass\nC().f()\n",
    "circle through a global": "def f():\n  global B\n  class A(B): 0\n  B = A\nB = object\nf()\nB().go()\n",
    "names that grow": "import ext\nx = ext\nwhile True:\n    x = x.attr.more\n    x()\n",
    "calls of results": "def f(): return f\nf" + "()" * 60 + "\n",
    "list in itself": "xs = []\nxs.append(xs)\nxs[0][0][0]()\n",
    "dictionary in itself": "d = {}\nd['d'] = d\nd['d']['d']['x']()\n",
    "wraps itself": "def dec(f):\n    def g(): return dec(f)\n    return dec(g)\n@dec\ndef h(): pass\nh()\n",
    "partial of itself": "from functools import partial\np = partial\nfor _ in p: p = partial(p, p)\np()\n",
    "slices of slices": "xs = [1]\nwhile xs:\n    xs = xs[1:]\n    *xs, y = xs\n",
    "super without end": "class A:\n    def f(self): super().f()\nA().f()\n",
    "getattr of itself": "class A:\n    def __getattr__(self, n): return self.q\nA().x.y.z()\n",
    "star import of itself": "from main import *\nf()\n",
    "decorated by a loop": "for d in [lambda f: f]:\n    @d\n    def g(): pass\ng()\n",
    "string that calls itself": "def f(): eval('f()')\nf()\n",
    "import of nothing": "from . import x\nfrom .. import y\nfrom ... import *\nx(), y()\n",
    "descriptors": "class D:\n    def __get__(self, o, t): return o.d\nclass C: d = D()\nC().d()\n",
    "many functions at one place": "\n".join(f"def f{i}(g): g(f{i})" for i in range(300))
    + "\nfor f in [" + ",".join(f"f{i}" for i in range(300)) + "]: f(f)\n",
}  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_ends_with_a_graph(text: str, tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    path.write_text(text)
    started = time.process_time()
    graph = solve([skim(read_source(str(path)))], str(tmp_path))
    assert time.process_time() - started < 10
    assert "main" in graph.functions


def test_star_imports_in_a_circle(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.py").write_text(f"from {other} import *\nmissing()\ndef f_{name}(): pass\n")
    files = [skim(read_source(str(file))) for file in sorted(tmp_path.glob("*.py"))]
    graph = solve(files, str(tmp_path))
    assert sorted(site.callee for site in graph.unresolved) == ["missing", "missing"]
