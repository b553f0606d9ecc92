"""The hall's way to complexity: one function, inputs of growing size, counts, the fitted class."""

from __future__ import annotations

from codeassist import targets as naming
from codeassist.pipeline.session import Session
from codeassist.records.errors import UsageError
from codeassist.records.evidence import Complexity
from codeassist.records.program import Function, Module
from codeassist.records.run import Budget


def complexity(
    text: str, opened: Session, inputs: str = "", calls: tuple[str, ...] = ()
) -> tuple[Module, Function, Complexity | None]:
    """Growth of the function that `text` names; None where no input was found that can grow.

    `inputs` is an expression such as `lambda n: (list(range(n)),)`; without it inputs grow after the
    pattern of `calls`, or of those that explain would take. Raises UsageError for inputs that cannot run.
    """
    from codeassist import evidence
    from codeassist import inputs as room

    module, function = _function(text, opened)
    runner, budget = opened.runner(module.source.path), Budget(opened.settings["budget"])
    if inputs:
        found = evidence.with_inputs(module, function, inputs, runner, budget)
        if not found.call.points:
            raise UsageError(f"no run returned with the inputs of {inputs}", slug="inputs")
        return module, function, found
    runs = room.choose(module, function, runner, budget, calls=calls)
    examples = [run.call for run in runs if not run.setup]
    return module, function, evidence.measure(module, function, examples, runner, budget)


def _function(text: str, opened: Session) -> tuple[Module, Function]:
    """The function named, or the only one of a file."""
    from codeassist import parsing

    found = naming.resolve([text])
    if len(found) != 1:
        raise UsageError(f"{text} holds {len(found)} files", hint="name a function: path.py::function")
    module = opened.parse(found[0])
    if found[0].qualname:
        return module, parsing.find(module, found[0].qualname)
    functions = [f for f in module.functions if f.kind == "function" and f.parent == "<module>"]
    if len(functions) != 1:
        names = ", ".join(f.name for f in functions[:5])
        raise UsageError(
            f"{text} has {len(functions)} functions", hint=f"name one of them: {names}" if names else ""
        )
    return module, functions[0]
