"""Explaining many functions on several processes, or on the workers of a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from codeassist.records.codec import from_json, to_json
from codeassist.records.errors import CodeassistError, UsageError
from codeassist.records.report import Explanation

if TYPE_CHECKING:
    from codeassist.pipeline.session import ExplainOptions, Session

_LOCAL = ("jobs", "cluster")
Flags = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Task:
    """The `number`-th function of the targets, as plain data, so that another process can explain it."""

    texts: tuple[str, ...]
    number: int
    flags: Flags
    options: ExplainOptions


def flags_of(opened: Session) -> Flags:
    """The settings that somebody chose, as keywords for a session of another process."""
    values, origins = opened.settings.values, opened.settings.origins
    chosen = {n: v for n, v in values.items() if origins.get(n, "default") != "default" and n not in _LOCAL}
    return tuple(sorted(chosen.items()))


def spread(tasks: Sequence[Task], jobs: int, cluster: str) -> Iterator[tuple[int, Explanation | str]]:
    """The number of each task with its explanation, or why there is none, in the order in which they end."""
    with executor(min(jobs, len(tasks)), cluster) as pool:
        futures: dict[Future[Mapping[str, Any] | str], int] = {
            pool.submit(work, task): task.number for task in tasks
        }
        try:
            for future in as_completed(futures):
                yield futures[future], _read(future.result())
        except (KeyboardInterrupt, GeneratorExit):
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _read(document: Mapping[str, Any] | str) -> Explanation | str:
    if isinstance(document, str):
        return document
    found = from_json(document)
    assert isinstance(found, Explanation)
    return found


@contextmanager
def executor(jobs: int, cluster: str) -> Iterator[Executor]:
    """Processes of this machine, or the workers of the cluster whose scheduler is at `cluster`."""
    if not cluster:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        hint = "pip install 'codeassist[cluster]'"
        raise UsageError("--cluster needs the package distributed", hint=hint, slug="missing-extra") from None
    with Client(cluster) as client:
        yield client.get_executor()


def work(task: Task) -> Any:
    """One function explained, as JSON; a text says why it could not be."""
    from codeassist.pipeline.explaining import explain_one

    opened, jobs, graph = _desk(task.texts, task.flags)
    module, function = jobs[task.number]
    try:
        return to_json(explain_one(module, function, graph, opened, task.options))
    except CodeassistError as error:
        return str(error)


@lru_cache(maxsize=2)
def _desk(texts: tuple[str, ...], flags: Flags) -> Any:
    """A session with its functions and their graph: made once for all tasks of a process."""
    import atexit

    from codeassist import targets as naming
    from codeassist.pipeline.explaining import select, solve
    from codeassist.pipeline.session import session

    context = session(texts[0].partition("::")[0], **dict(flags))
    opened = context.__enter__()
    atexit.register(context.__exit__, None, None, None)
    jobs, _ = select(naming.resolve(texts), opened)
    return opened, jobs, solve(opened)
