"""complexity and algorithm: decided by what evidence measures and recognises, which the hall hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from codeassist.records.answer import Claim
from codeassist.records.evidence import Growth, Recognition
from codeassist.verifying.findings import Finding, Unchecked, refuted, verified

ORDER = ("1", "log n", "sqrt n", "n", "n log n", "n^2", "n^3", "2^n", "n!")
"""classes of one size, slowest growth first"""
_SPELLINGS = {"o(1)": "1", "constant": "1", "logn": "log n", "nlogn": "n log n", "n**2": "n^2", "n**3": "n^3"}

Oracles = Mapping[str, Callable[..., Any]]


def complexity(claim: Claim, fields: Mapping[str, Any], oracles: Oracles) -> Finding:
    """The counted operations grow as `class`; with `tight` false, at most as `class`."""
    measure = oracles.get("complexity")
    if measure is None:
        raise Unchecked("not-run")
    growth = measure(claim, fields["part"]) if fields["measure"] == "time" else None
    if not isinstance(growth, Growth) or not growth.cls or not growth.points:
        raise Unchecked("too-few-runs")
    if _squeezed(growth.size) != _squeezed(fields["in"]):
        raise Unchecked("too-few-runs")  # measured over another size
    wanted, actual = spelled(fields["class"]), growth.cls
    where: dict[str, Any] = {"actual": actual, "runs": len(growth.points), "state": _points(growth)}
    if wanted == actual or not fields["tight"] and _at_most(actual, wanted):
        return verified("held", **where)
    if wanted not in ORDER and wanted not in ("m*n", "n + m"):
        raise Unchecked("bad-claim")
    return refuted("counterexample", **where)


def spelled(text: str) -> str:
    """A class as cli.md writes it, whatever the claim's spaces, case and O()."""
    inner = text.strip()
    if inner[:2] in ("O(", "o(") and inner.endswith(")"):
        inner = inner[2:-1].strip()
    squeezed = _squeezed(inner).lower()
    known = {_squeezed(name): name for name in (*ORDER, "m*n", "n + m")}
    return known.get(squeezed) or _SPELLINGS.get(squeezed, inner)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _at_most(actual: str, bound: str) -> bool:
    both = actual in ORDER and bound in ORDER
    return both and ORDER.index(actual) <= ORDER.index(bound)


def _points(growth: Growth) -> dict[str, str]:
    shown = growth.points if len(growth.points) <= 8 else (*growth.points[:3], *growth.points[-3:])
    return {f"n = {size}": str(count) for size, count in shown}


def algorithm(claim: Claim, fields: Mapping[str, Any], oracles: Oracles) -> Finding:
    """Structural and behavioural signature matched: at most `supported`."""
    recognise = oracles.get("algorithm")
    found = recognise(claim) if recognise else None
    if not isinstance(found, Recognition):
        raise Unchecked("supported-only")
    names = {_folded(name) for name in (found.name, *found.aliases) if name}
    family = fields["family"]
    if _folded(fields["name"]) in names and (family is None or _folded(family) == _folded(found.family)):
        return verified("supported", actual=found.name, runs=max(1, found.inputs))
    raise Unchecked("supported-only")  # another name is no proof against this one


def _folded(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").replace("_", " ").split())
