"""The hall's way through `review`: a change -> functions on both sides -> runs -> differences -> findings."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codeassist import __version__
from codeassist.messages import catalogue
from codeassist.pipeline.sides import PATIENCE, Pair, Sides, sides, texts_of
from codeassist.records.errors import CodeassistError, ConsentError
from codeassist.records.program import Function, Module, Notice
from codeassist.records.report import Finding
from codeassist.records.review import FunctionVerdict, Review
from codeassist.records.run import Run
from codeassist.reviewing.changes import Changed, Comparison, callers, compare
from codeassist.reviewing.comparing import Difference, same_observation
from codeassist.reviewing.findings import of_difference
from codeassist.reviewing.marking import Marks, is_ignored
from codeassist.reviewing.neighbours import constants
from codeassist.reviewing.repository import ChangeSet, FileChange, changes
from codeassist.reviewing.searching import Effort, Found, Search, called_name
from codeassist.reviewing.shrinking import shrink

if TYPE_CHECKING:
    from codeassist.pipeline.session import Progress, Session

MOST_FUNCTIONS = 60
"""changed functions that are run in one review; the rest is named in a notice"""
_SEEDS = (0, 1, 2)
_TIMES = 4
"""hash seeds, and seeds of random numbers with each, under which a difference must stay as it is"""
_RESERVE = 10.0
"""seconds for making sure of what was found, however long the search took"""
_CALLERS = 3
"""callers through which a function is run that no input reaches by itself"""
_CANDIDATES = 4
"""counterexamples of one kind that are tried again before the difference is given up"""


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What `review` was asked for beside its settings."""

    files: tuple[str, ...] = ()
    staged: bool = False
    diff: str = ""
    refactoring: bool = False
    baseline: str = ""
    run: bool = True
    with_deleted: bool = False
    """deleted files too, though `files` cannot name them"""
    flows: bool = False
    """findings carry the run that shows them"""


@dataclass(slots=True)
class _Work:
    """What one review shares among its functions."""

    opened: Session
    options: ReviewOptions
    change: ChangeSet
    findings: list[Finding]
    verdicts: list[FunctionVerdict]
    notices: list[Notice]
    old_modules: list[Module]
    new_modules: list[Module]
    comparisons: list[Comparison]
    static: str = ""
    """why nothing is run"""


def review(folder: str, opened: Session, options: ReviewOptions, progress: Progress | None = None) -> Review:
    """Findings on a change, each shown by a run; raises UsageError where there is no change to look at."""
    change = changes(
        folder,
        staged=options.staged,
        diff=options.diff,
        files=options.files,
        with_deleted=options.with_deleted,
    )
    return review_change(change, opened, options, progress)


def review_change(
    change: ChangeSet, opened: Session, options: ReviewOptions, progress: Progress | None = None
) -> Review:
    """The same for a change that is at hand already."""
    from codeassist.pipeline.review_tests import forget

    forget()
    marks = Marks.read(options.baseline)
    work = _Work(opened, options, change, [], [], list(change.notices), [], [], [])
    if not change.files:
        work.notices.append(Notice("no-source", "no Python file changed"))
    for file in change.files:
        _compare(work, file)
    _functions(work, progress)
    _around(work)
    return _settled(work, marks)


# --- what changed ----------------------------------------------------------------------------------


def _compare(work: _Work, file: FileChange) -> None:
    """Facts of both sides of one file; a side that does not parse is a notice."""
    if file.path.endswith(".pyi"):
        return
    old, new = _module(work, file.old_path, file.old, "old"), _module(work, file.new_path, file.new, "new")
    if file.new is not None and new is None or file.old is not None and old is None:
        return
    if old is not None:
        work.old_modules.append(old)
    if new is not None:
        work.new_modules.append(new)
    if old is not None and new is not None:
        work.comparisons.append(compare(old, new))
    elif old is not None:
        work.comparisons.append(Comparison(removed=_all(old)))


def _all(module: Module) -> tuple[Function, ...]:
    return tuple(f for f in module.functions if f.kind not in ("module", "lambda") and f.parent == "<module>")


def _module(work: _Work, path: str, text: str | None, side: str) -> Module | None:
    from codeassist import parsing

    if text is None:
        return None
    try:
        module = parsing.parse(parsing.read_source(path, text))
    except CodeassistError as error:
        work.notices.append(Notice(error.slug, f"the {side} side: {error}", path))
        return None
    broken = next(iter(module.notices), None)
    if broken is not None:
        words = f"the {side} side does not parse: its functions are not run"
        work.notices.append(Notice("does-not-parse", words, path, broken.line))
        return None
    return replace(module, source=replace(module.source, path=path))


# --- one function ----------------------------------------------------------------------------------


def _functions(work: _Work, progress: Progress | None) -> None:
    """Every changed function in turn."""
    changed = [c for comparison in work.comparisons for c in comparison.changed]
    if len(changed) > MOST_FUNCTIONS:
        words = f"{len(changed)} functions changed; the first {MOST_FUNCTIONS} are run"
        work.notices.append(Notice("huge-change", words, hint="review parts of it: name files"))
    for number, item in enumerate(changed):
        if progress:
            progress(number, len(changed), item.new.id.qualname)
        if number >= MOST_FUNCTIONS:
            work.verdicts.append(_unknown(item, "not run: the change is too large"))
            continue
        try:
            _function(work, item)
        except ConsentError as error:
            work.static = str(error)
            work.verdicts.append(_unknown(item, "not run"))
        except CodeassistError as error:
            work.verdicts.append(_unknown(item, str(error)))
    if work.static:
        work.notices.append(Notice("not-trusted", f"static findings only: {work.static}"))


def _unknown(changed: Changed, reason: str, inputs: int = 0) -> FunctionVerdict:
    new = changed.new
    return FunctionVerdict(
        new.id.qualname, new.id.path, new.span.line, "unknown", inputs, reason, was=_was(changed)
    )


def _was(changed: Changed) -> str:
    return changed.old.id.qualname if changed.old.id.qualname != changed.new.id.qualname else ""


def _function(work: _Work, changed: Changed) -> None:
    """Search, shrink, make sure, say."""
    if not work.options.run:
        raise ConsentError("--no-run was given")
    if work.static:
        raise ConsentError(work.static)
    both = sides(work.opened, changed.new.id.path, work.change.old_overlay, work.change.new_overlay)
    both.until = time.monotonic() + work.opened.settings["budget"]
    try:
        pair, found = _searched(work, changed, both)
        both.until = max(both.until, time.monotonic() + _RESERVE)
        sure, doubt = _sure(pair, found)
        _say(work, changed, pair, both, found, sure, doubt)
    finally:
        both.close()


def _searched(work: _Work, changed: Changed, both: Sides) -> tuple[Pair, Found]:
    """The search that tells most: of the function, or of one that calls it where it cannot be called."""
    pair = Pair(changed, both, called_name(changed))
    found = _search(work, changed, pair)
    if found.usable and (found.differences or not _missed(changed, found)):
        return pair, found
    for caller in callers(changed)[:_CALLERS]:
        other = Pair(caller, both, called_name(caller))
        through = _search(work, caller, other)
        if through.usable and (through.differences or not _missed(changed, through)):
            return other, through
    return pair, found


def _search(work: _Work, changed: Changed, pair: Pair) -> Found:
    """Inputs that somebody wrote, typical ones, and what lies near them."""
    from codeassist.inputs.alike import alike
    from codeassist.inputs.propose import generated
    from codeassist.inputs.propose import written as written_calls
    from codeassist.pipeline.review_tests import test_texts

    tests = test_texts(work.change.root, pair.name)
    written: dict[str, None] = {}
    for module, function in ((changed.old_module, changed.old), (changed.new_module, changed.new)):
        back = {new: old for old, new in changed.names.items()} if function is changed.new else {}
        for run in written_calls(module, function, tests=tests):
            if not run.setup:
                written[_renamed(run.call, back)] = None
    groups = [group for group in generated(changed.old_module, changed.old) if group]
    if not groups:
        groups = [group for group in generated(changed.new_module, changed.new) if group]
    groups = alike(groups, [Run(changed.old.id.path, call) for call in written])
    near = constants(list(texts_of(changed)))
    search = Search(changed, pair.observe, pair.rules, near, Effort())
    return search.run(list(written), groups)


def _renamed(text: str, names: dict[str, str]) -> str:
    from codeassist.reviewing.calls import renamed

    return renamed(text, names)


def _sure(pair: Pair, found: Found) -> tuple[list[Difference], str]:
    """Of each kind the simplest difference that shows itself in a process of its own, twice.

    A program that gives something else each time shows nothing; then the reason is the second value.
    """
    kinds: dict[tuple[str, str], list[Difference]] = {}
    for item in found.differences:
        kinds.setdefault((item.kind, item.what), []).append(item)
    sure: list[Difference] = []
    doubt = ""
    for key in sorted(kinds, key=lambda item: (_ORDER.index(item[0]), item[1])):
        if not _is_news(key[0], sure):
            continue
        group = kinds[key]
        ordered = sorted(group, key=lambda d: simplest_key(d, found.written))[:_CANDIDATES]
        for candidate in ordered:
            again = _surely(pair, candidate)
            if again is not None:
                sure.append(again)
                break
            doubt = (
                "it gives something else each time" if pair.sides.left().seconds else "the budget was spent"
            )
    return sure, "" if sure else doubt


def simplest_key(found: Difference, written: Sequence[str]) -> tuple[bool, bool, tuple[int, int, str]]:
    """What somebody wrote first, then by how easy it is to read."""
    from codeassist.reviewing.shrinking import weight

    return found.call not in written, "None" in (found.old, found.new), weight(found.call)


def _surely(pair: Pair, candidate: Difference) -> Difference | None:
    """The difference, made small and shown again; None when it does not show itself again."""
    if candidate.kind in ("hangs", "ends"):  # each look at it takes long: the simplest known will do
        again = _again(pair, candidate)
        if again is None or pair.sides.left().seconds < _RESERVE / 2:
            return again
        small = shrink(again, pair.differences)
        return (_again(pair, small) if small != again else None) or again
    small = replace(shrink(candidate, pair.differences), is_fresh=candidate.is_fresh)
    return _again(pair, small) or (_again(pair, candidate) if small != candidate else None)


def _again(pair: Pair, found: Difference) -> Difference | None:
    """The difference once more, alone in its process and under other seeds; None when it does not repeat."""
    if found.kind in ("hangs", "ends"):
        old, new = pair.observe([found.call], together=1, patience=PATIENCE)[0]
        shown = pair.difference(found.call, old, new) if old is not None and new is not None else None
        return shown if shown is not None and shown.kind == found.kind else None
    seeds = _SEEDS if "'" in f"{found.call}{found.old}{found.new}" else _SEEDS[:2]  # texts have random hashes
    runs = [pair.observe([found.call] * _TIMES, together=1, seed=seed, varied=True) for seed in seeds]
    seen = [(a, b) for run in runs for a, b in run if a is not None and b is not None]
    if len(seen) < _TIMES * len(seeds):
        return None
    old, new = seen[0]
    if not all(same_observation(old, a) and same_observation(new, b) for a, b in seen):
        return None
    shown = pair.difference(found.call, old, new)
    if shown is None or shown.kind != found.kind:
        return None
    return replace(shown, is_fresh=found.is_fresh)


def _say(
    work: _Work, changed: Changed, pair: Pair, both: Sides, found: Found, sure: list[Difference], doubt: str
) -> None:
    """Findings and verdict of one function."""
    from codeassist.pipeline import review_checks as checks

    said = [of_difference(item, changed, work.opened.settings["lang"]) for item in sure]
    stuck = any(item.kind in ("hangs", "ends") for item in sure)  # each check would wait for it again
    broken = [] if stuck else list(checks.contracts(work, changed, pair, both, found))
    said = [*broken, *said]
    if not sure:  # what gives something else may cost something else
        said += checks.complexity(work, changed, both, found)
    if not stuck and not any(item.kind == "raises" for item in sure):
        said += checks.unreachable(work, changed, found)
    verdict, reason = _verdict(changed, found, sure or broken, doubt)
    tests = tuple(checks.reaching(work, changed))
    if sure:
        said = [*checks.broken_tests(work, changed, both, tests), *said]
    if work.options.flows:
        said = [checks.with_flow(changed, both, item) for item in said]
    work.findings += said
    branches = "same" if found.same_paths and found.same_paths == found.usable else ""
    new = changed.new
    work.verdicts.append(
        FunctionVerdict(
            new.id.qualname,
            new.id.path,
            new.span.line,
            verdict,
            found.usable,
            reason,
            branches,
            tests,
            _was(changed),
        )
    )


_FIRM = ("hangs", "raises")
_RESULTS = ("value", "exception", "returns", "ends")
_EFFECTS = ("mutation", "state", "output")
_ORDER = (*_FIRM, *_RESULTS, *_EFFECTS)


def _is_news(kind: str, sure: Sequence[Difference]) -> bool:
    """At most what matters: two that break, one result, and one effect where no result differs."""
    known = [item.kind for item in sure]
    if kind in _FIRM:
        return sum(k in _FIRM for k in known) < 2
    if kind in _RESULTS:
        return not any(k in _RESULTS for k in known)
    return "value" not in known and not any(k in _EFFECTS for k in known)


def _verdict(changed: Changed, found: Found, sure: Sequence[object], doubt: str) -> tuple[str, str]:
    if sure:
        return "different", ""
    if doubt:
        return "unknown", doubt
    if not found.usable:
        return "unknown", "no input was found on which it works"
    if found.out_of_time and found.usable < 20:
        return "unknown", "the budget was spent"
    missed = _missed(changed, found)
    if missed:
        return "unknown", f"no input reached line {missed[0]}, which changed"
    return "same", ""


def _missed(changed: Changed, found: Found) -> list[int]:
    """Changed lines that no input reached: there old and new were never compared."""
    new = {line for _, line in found.new_steps}
    steps = {s.header.line for s in changed.new_module.statements if s.kind not in ("def", "class", "import")}
    return sorted(line for line in changed.new_lines if line in steps and line not in new)


# --- beyond the functions --------------------------------------------------------------------------


def _around(work: _Work) -> None:
    """Callers of what changed its signature or went away."""
    from codeassist.pipeline.review_callers import broken_callers

    work.findings += broken_callers(work.change, work.comparisons, work.opened)


def _settled(work: _Work, marks: Marks) -> Review:
    """Suppressed ones out, the rest in order, marked so that they are found again."""
    sources = {m.source.path: m.source.lines for m in work.new_modules}
    kept: list[Finding] = []
    suppressed = 0
    for finding in _unique(work.findings):
        if work.options.refactoring:
            finding = replace(finding, level="error")
        finding = marks.marked(finding, work.change.root)
        if marks.knows(finding) or is_ignored(finding, sources.get(finding.path, ()), _heads(work, finding)):
            suppressed += 1
        else:
            kept.append(finding)
    order = {"error": 0, "warning": 1, "note": 2}
    kept.sort(key=lambda f: (not f.verified, order[f.level], f.path, f.line, f.rule))
    lang = catalogue(work.opened.settings["lang"]).lang
    return Review(
        tuple(kept), tuple(work.verdicts), tuple(_relative(work.notices, work.change.root)),
        work.change.title, work.change.root, suppressed, lang, __version__,
    )  # fmt: skip


def _relative(notices: Sequence[Notice], root: str) -> Iterator[Notice]:
    for notice in notices:
        inside = notice.path.startswith(root + os.sep)
        yield replace(notice, path=os.path.relpath(notice.path, root)) if inside else notice


def _unique(findings: Sequence[Finding]) -> list[Finding]:
    first: dict[tuple[str, str, str, int], Finding] = {}
    for finding in findings:
        first.setdefault((finding.rule, finding.path, finding.function, finding.line), finding)
    return list(first.values())


def _heads(work: _Work, finding: Finding) -> list[int]:
    """The line on which the function of a finding begins."""
    return [
        f.header.line
        for m in work.new_modules
        if m.source.path == finding.path
        for f in m.functions
        if f.id.qualname == finding.function
    ]
