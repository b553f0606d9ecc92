"""mutates and aliases: what happens to objects rather than to names."""

from __future__ import annotations

from collections.abc import Mapping

from codeassist.records.trace import Activation
from codeassist.records.values import literal
from codeassist.verifying.case import Case
from codeassist.verifying.compare import differs, same_object
from codeassist.verifying.expressions import Scope
from codeassist.verifying.findings import Finding, Unchecked, decide, no_such_step, refuted
from codeassist.verifying.reading import UNWIND


def mutates(case: Case) -> Finding:
    """The deep value of the argument object at exit differs from entry."""
    activation = case.activation()
    changed = mutation(case, activation, case["param"])
    if changed is None:
        raise Unchecked("opaque")
    index = case.reading.exit(activation)
    where = case.where(index, activation, case["param"]) if index is not None else {}
    return decide(changed is case["mutated"], actual=str(changed).lower(), **where)


def mutation(case: Case, activation: Activation, name: str) -> bool | None:
    """Whether the object passed as `name` was changed; None when it cannot be told."""
    given = case.reading.event(activation.events[0]).value
    if not isinstance(given, Mapping) or name not in given:
        raise no_such_step()
    index = case.reading.exit(activation)
    if index is None:
        raise case.reading.missing(case.reading.closed(activation))
    return differs(given[name], case.reading.reader.argument(activation.id, name, index))


def aliases(case: Case) -> Finding:
    """At exit, `a` and `b` are the same object."""
    case.pure(case["a"], case["b"])
    activation = case.activation()
    index = case.reading.exit(activation)
    if index is None:
        raise case.reading.missing(case.reading.closed(activation))
    moment = case.reading.moment(index, activation.id)
    variables = dict(moment.variables)
    if moment.returned:
        variables["result"] = moment.result
    elif _speaks_of_result(case):
        if case.reading.kinds[index] != UNWIND:
            raise Unchecked("opaque")  # the trace does not say which object was returned
        return refuted("raised", **case.where(index, activation))
    scope = Scope(variables, **case.around(activation))
    where = case.where(index, activation)
    a, b = (case.evaluate(case[side], scope, **where) for side in "ab")
    same = same_object(a, b, lambda: Unchecked("opaque"))
    shown = {case["a"]: literal(a, 200), case["b"]: literal(b, 200)}
    return decide(same is case["aliased"], actual=str(same).lower(), **{**where, "state": shown})


def _speaks_of_result(case: Case) -> bool:
    from codeassist.verifying.expressions import names_in

    return "result" in (*names_in(case["a"]), *names_in(case["b"]))
