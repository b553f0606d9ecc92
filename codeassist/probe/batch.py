"""Many calls of one target: what a caller can observe of each, several in one process if asked.

The server itself forks for these and watches: each call answers with one JSON line. A process that
dies or gets stuck costs the call that it was at; the rest go on in another.
"""

import itertools
import json
import os
import random
import select
import signal
import sys
import time
import types

_exit, _fork, _waitpid, _kill, _eval = os._exit, os.fork, os.waitpid, os.kill, eval
_PATIENCE = 6
"""seconds of the clock on the wall for one of the processor"""
_clock = time.monotonic
_DRAINED = 1000
_MOST_OUTPUT = 20_000
_ITERATORS = (map, filter, zip, enumerate, reversed)
_KEEP = "__codeassist_keep__"


def serve(job, target, order, fd, signals):
    """Observe every call of `order`; one line a call, in order, goes to the descriptor `fd`."""
    first = stuck = 0
    while first < len(order["calls"]) and stuck < order["hangs"]:
        last = first + order["together"]
        first, was_stuck = _one_process(job, target, {**order, "first": first, "last": last}, fd, signals)
        stuck += was_stuck


def _one_process(job, target, order, fd, signals):
    """Run calls `first` to `last` in one child; (the call that comes next, whether one ran out of time)."""
    reading, writing = os.pipe()
    child = _fork()
    if child == 0:
        try:
            os.close(reading)
            if signals:
                signals(os.getpid())
            Watcher(job, target, order, writing).all()
        finally:
            _exit(job.LOST)
    os.close(writing)
    told, limit = _listen(reading, fd, Clock(child, order["seconds"]))
    os.close(reading)
    if limit:
        _kill(child, signal.SIGKILL)
    status = _waitpid(child, 0)[1]
    done = order["first"] + told
    if done >= min(order["last"], len(order["calls"])):
        return done, bool(limit)
    outcome = {"kind": "limit_reached", "limit": "time"} if limit else _death(status)
    if not told or limit or status != 0:  # status 0: it stopped itself, after a line that says why
        os.write(fd, (json.dumps({"call": done, "outcome": outcome}) + "\n").encode())
        return done + 1, bool(limit)
    return done, False


class Clock:
    """The time of one call: seconds of the processor, so that a busy machine does not cut calls short."""

    def __init__(self, child, seconds):
        self.child, self.seconds = child, seconds
        self.restart()

    def restart(self):
        """A call begins."""
        self.used, self.until = self.now(), _clock() + _PATIENCE * self.seconds

    def now(self):
        """Seconds that the child has computed; None where the system does not say."""
        try:
            return time.clock_gettime((~self.child << 3) | 2)  # as clock_getcpuclockid(3) makes it
        except (OSError, OverflowError, AttributeError):
            return None

    def is_over(self):
        """Whether the call has had its time: of the processor, or several times that of the wall."""
        now = self.now()
        return (
            now is None or self.used is None or now - self.used >= 0.9 * self.seconds or _clock() > self.until
        )


def _listen(reading, fd, clock):
    """Hand on whole lines until the other end closes; (number of lines, whether a call ran out of time)."""
    lines, rest = 0, b""
    while True:
        while not select.select([reading], [], [], clock.seconds)[0]:
            if clock.is_over():
                return lines, True
        clock.restart()
        piece = os.read(reading, 1 << 16)
        if not piece:
            return lines, False
        whole, newline, rest = (rest + piece).rpartition(b"\n")
        lines += whole.count(b"\n") + len(newline)
        data = whole + newline
        while data:
            data = data[os.write(fd, data) :]


def _death(status):
    if os.WIFSIGNALED(status):
        words = {"cls": "signal %d" % os.WTERMSIG(status), "message": ""}
        return {"kind": "died", "exception": words}
    return {"kind": "exited", "status": os.WEXITSTATUS(status)}


class Watcher:
    """The calls of one child process."""

    def __init__(self, job, target, order, fd):
        self.job, self.target, self.order, self.fd = job, target, order, fd
        self.recorder, self.kept, self.text = target.recorder, [], []
        self.number, self.iterates = 0, False

    def all(self):
        """Each call in turn; ends the process."""
        execution = Silent(self.target, self.order, self.fd)
        execution.watcher = self
        execution.prepare()
        self.namespace = self.target.namespace
        self.namespace[_KEEP] = self.keep
        self.recorder.know_own_modules(self.target.order["roots"])
        failure = self._failure()
        calls = self.order["calls"][self.order["first"] : self.order["last"]]
        for number, text in enumerate(calls, self.order["first"]):
            self.number = number
            self.kept, self.text, self.iterates = [], [], False
            self.one(text, failure)
        _exit(0)

    def _failure(self):
        """The outcome of every call when the target or the setup fails."""
        if self.target.failure is not None:
            return self.job.import_failure(self.target.failure, self.target.order["path"])
        try:
            for statement in self.order["setup"]:
                exec(compile(statement, "<setup>", "exec", dont_inherit=True), self.namespace)
        except BaseException as error:
            return self.job.bad_input(error, "a statement before the call failed")
        return None

    def keep(self, value):
        """What the call is given is looked at again afterwards."""
        self.kept.append(value)
        return value

    def one(self, text, failure):
        """One call, one line."""
        if failure is not None:
            self.write(failure, None)
            return
        try:
            code = compile(text, "<call>", "eval", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            self.write(self.job.bad_input(error, "the expression does not parse"), None)
            return
        random.seed(self.order["seed"] + self.number * self.order["varied"])
        self.recorder.restart(self.order["events"], self.stopped)
        try:
            value = self.drained(self.job._drive(_eval(code, self.namespace)))
            outcome = {"kind": "returned"}
        except BaseException as error:
            value = None
            outcome = self.failed(error)
        self.write(outcome, value)

    def failed(self, error):
        """The outcome for an exception; a name that the call itself lacks is no behaviour."""
        if isinstance(error, NameError) and error.__traceback__.tb_next.tb_next is None:
            return self.job.bad_input(error, "the call names something that the module does not have")
        return self.job.exception_outcome(error, self.target.order["roots"])

    def drained(self, value):
        """The items of an iterator that the call gave, as far as a thousand."""
        kind = type(value)
        if kind is types.GeneratorType or kind in _ITERATORS or kind.__name__.endswith("_iterator"):
            self.iterates = True
            return list(itertools.islice(value, _DRAINED))
        if kind is types.AsyncGeneratorType:
            self.iterates = True
            return self.job._drive(_items(value))
        return value

    def stopped(self):
        """The cap on operations is reached."""
        self.write({"kind": "limit_reached", "limit": "events"}, None)

    def write(self, outcome, value):
        """One line about the call that has just ended."""
        counts = self.recorder.tallies()
        try:
            watched = {name: self.namespace.get(name) for name in self.order["watched"]}
            told = self.recorder.encode([value, self.kept, watched])
        except BaseException as error:  # too deep, say
            told = None
            outcome = {**outcome, "opaque": type(error).__name__}
        line = {
            "call": self.number, "outcome": outcome, "told": told, "iterates": self.iterates,
            "output": "".join(self.text)[:_MOST_OUTPUT], "counts": counts,
        }  # fmt: skip
        data = (json.dumps(line, default=str) + "\n").encode("ascii", "backslashreplace")
        while data:
            data = data[os.write(self.fd, data) :]


async def _items(value):
    found = []
    async for item in value:
        found.append(item)
        if len(found) >= _DRAINED:
            break
    return found


def _load_execution():
    return sys.modules["codeassist_probe_job"].Execution


class Silent(_load_execution()):
    """The surroundings of a call: session, streams and limits; what it prints is kept as text."""

    def emit(self, stream, text):
        """Text that the program wrote."""
        if stream == "stdout" and sum(map(len, self.watcher.text)) < _MOST_OUTPUT:
            self.watcher.text.append(text)
