"""The hooks that rewritten code calls, and the log that they fill."""

import _thread
import contextlib
import gc
import json
import os
import struct
import sys
import time
from array import array
from functools import partial
from itertools import chain
from operator import itemgetter

import codeassist_probe_pending as pending
from codeassist_probe_heap import (
    BIG_INT,
    BIND,
    CELL,
    CELL_EMPTY,
    INLINE,
    NEW,
    PLAIN,
    SIMPLE,
    UNBIND,
    Heap,
    Kinds,
    message_of,
    text_problem,
    type_name,
)
from codeassist_probe_instrument import rewrite
from codeassist_probe_quick_hooks import QuickHooks
from codeassist_probe_quick_rewrite import Ineligible, QuickRewriter
from codeassist_probe_tracebacks import mend

ENTER, RETURN, YIELD, RESUME, RAISE, UNWIND, THREAD, OUTPUT, SUSPEND, LOST, TAKEN, CAUGHT, GLOBAL = range(
    -13, -26, -1
)

FORMAT, VERSION = "codeassist/trace-log", 2
CHUNK = 20_000
PIECE = 512
PAUSE, DELAY = 0.004, 0.02

_frame = sys._getframe
_write, _exit, _getpid = os.write, os._exit, os.getpid
_dumps = json.JSONEncoder(separators=(",", ":")).encode
_sleep = time.sleep
_ident, _exc_info, _now = _thread.get_ident, sys.exc_info, time.monotonic
_SUSPENDABLE = 0x20 | 0x80 | 0x200
_HIDDEN = frozenset(
    "__name__ __doc__ __package__ __loader__ __spec__ __file__ __cached__ __builtins__ __annotations__ "
    "__module__ __qualname__ __firstlineno__ __static_attributes__ __conditional_annotations__ __classcell__ "
    "__path__ __classdict__ _generate_next_value_".split()
)


class Activation:
    """One execution of a function body, as the probe follows it."""

    __slots__ = ("frame", "number", "last", "cells", "delegating", "pending", "site", "globals", "binds")

    def __init__(self, frame, number, site):
        self.frame = frame
        self.number = number
        self.site = site
        self.last = {}
        self.cells = ()
        self.globals = ()
        self.binds = ()
        self.delegating = False
        self.pending = None


class Recorder:
    """Follows the activations and syncs variables and objects at every hook: exact, not yet quick."""

    def __init__(self):
        self.kinds = Kinds()
        self.on = False
        self.log = []
        self.tables = []
        self.next_site = 0
        self.fd = -1
        names = "step enter leave ret end fail caught taken yld resumed delegate asked"
        self.hooks = {name: getattr(self, name) for name in names.split()}
        self.lock, self.writer = _thread.allocate_lock(), None
        self.quick = QuickHooks(self)
        self.log = self.quick.log
        self.is_quick, self.doubt, self.because = True, "", ""
        self.names, self.binds = {}, {}

    # -- modules --------------------------------------------------------------------------

    def instrument(self, source, path, name):
        """Compile a module instrumented and remember its site table."""
        code, sites = self.rewritten(source, path)
        mode = "quick" if self.is_quick else "exact"
        table = {
            "module": {"path": path, "name": name, "mode": mode, "first": self.next_site, "sites": sites}
        }
        self.next_site += len(sites)
        self.kinds.user_modules.add(name)
        if self.is_quick:
            self.quick.mention(name, code)
        self.tables.append(table)
        if self.on:
            self.flush()
        return code

    def rewritten(self, source, path):
        """The quick rewriting where it serves, else the exact one for this and every later module."""
        if self.is_quick:
            try:
                code, sites = rewrite(source, path, self.next_site, self.quick.table, QuickRewriter)
                self.quick.adopt(code, sites, self.next_site)
                return code, sites
            except Ineligible as reason:
                self.because = str(reason)
                if self.quick.codes:
                    self.doubt = "%s: %s" % (path, reason)
                self.is_quick = False
        code, sites = rewrite(source, path, self.next_site, self.hooks)
        self.binds.update(
            (n, row[4]["binds"]) for n, row in enumerate(sites, self.next_site) if "binds" in row[4]
        )
        return code, sites

    @staticmethod
    def told(error):
        """Class name, message, cause and base names of an exception."""
        return _told(error)

    # -- life -----------------------------------------------------------------------------

    def begin(self, fd, max_events):
        self.fd, self.max_events, self.count = fd, max_events, 0
        self.written = 0
        self.stacks, self.live, self.thread = {}, {}, 0
        self.log.clear()
        self.threads, self.number, self.cells, self.texts = {}, 0, {}, {}
        self.globals, self.spaces = {}, {}
        self.emit = self.quick.emit
        self.heap = Heap(self.emit, self.kinds)
        self.stack = self.stacks.setdefault(_ident(), [])
        self.threads[_ident()] = 0
        self.main = _ident()
        self.ident = self.main
        self.pid = _getpid()
        python = sys.version.split()[0]
        self.put({"format": FORMAT, "version": VERSION, "python": python, "order": sys.byteorder})
        if self.is_quick:
            gc.set_threshold(50_000, 50, 50)  # entries are many, short-lived and in no cycle
            self.quick.begin()
        self.flushed = _now()
        self.started = _now()
        self.on = True
        os.register_at_fork(after_in_child=self.forked)
        _thread.start_new_thread(self.keep_flushing, ())

    @contextlib.contextmanager
    def dropping(self):
        """While nothing is written, what gathers is dropped now and then: an import may run for ever."""
        done, gone = _thread.allocate_lock(), _thread.allocate_lock()
        done.acquire()
        gone.acquire()

        def drop():
            while not done.acquire(timeout=0.02):
                if not self.on:
                    self.log.clear()
            gone.release()

        _thread.start_new_thread(drop, ())
        try:
            yield
        finally:
            done.release()
            gone.acquire()  # no second thread is left when the server forks

    def forked(self):
        """A child that the program made records nothing."""
        self.on = False
        self.log.clear()

    def keep_flushing(self):
        """See every few milliseconds that what has gathered is written: a killed run keeps it.

        A little is written from here. Where the program fills memory faster than a thread beside it
        can empty it, the program's own thread is asked to do it, and waits meanwhile.
        """
        ask, seen = pending.asker(self.flush), 0
        while self.on and _getpid() == self.pid:
            _sleep(PAUSE)
            gathered = len(self.log)
            if gathered > CHUNK and gathered != seen and ask is not None:
                ask()
            elif gathered and (gathered == seen or _now() - self.flushed > DELAY):
                self.flush()
            seen = len(self.log)

    def flush(self):
        """Write new site tables and the gathered entries."""
        if self.writer == _ident():  # asked again in the middle of it
            return
        with self.lock:
            self.writer = _ident()
            try:
                self.write_gathered()
            finally:
                self.writer = None
        if self.is_quick and self.max_events and self._steps() > 2 * self.max_events:
            self.limit()

    def _steps(self):
        """Numbers written for steps and stores: what lists held when they were first seen is not counted."""
        return self.written - self.quick.objects.told

    def write_gathered(self):
        while self.tables:
            self.put(self.tables.pop(0))
        count = len(self.log)
        if count:
            self.put_chunk(self.log[:count])
            del self.log[:count]
        self.written += count
        self.flushed = _now()

    def put_chunk(self, flat):
        """Write entries: their numbers as packed integers, whatever else they hold apart from them."""
        numbers, floats, named, odd, new = pack(flat, self.texts)
        if new:
            self.put({"texts": new})
        try:
            rest = _dumps([value for _, value in odd])
        except ValueError:  # a number too long to print
            rest = _dumps([plain(value) for _, value in odd])
        data = [*numbers, array("I", [i for i, _ in floats]).tobytes()]
        data.append(array("d", [x for _, x in floats]).tobytes())
        data.append(array("I", [i for i, _ in named]).tobytes())
        data.append(array("I", [i for i, _ in odd]).tobytes())
        data.append(rest.encode("ascii"))
        counts = len(flat), len(floats), len(named), len(odd), len(rest)
        head = '{"pack":{"bytes":%d,"counts":[%d,%d,%d,%d,%d]}}\n' % (sum(map(len, data)), *counts)
        self.write(b"".join([head.encode("ascii"), *data, b"\n"]))

    def put(self, data):
        """Write one line of the log."""
        self.write((_dumps(data) + "\n").encode("ascii"))

    def write(self, left):
        """Write bytes, all of them."""
        while left:
            left = left[_write(self.fd, left) :]

    def finish(self, outcome):
        """Write the rest and the footer; recording ends."""
        if not self.on:
            return
        if self.is_quick:
            self.quick.audit(self.written + len(self.log))
            heap = self.quick.objects
        else:
            self.sync()
            heap = self.heap
        self.on, self.max_events = False, 0
        self.flush()
        notices = []
        if heap.capped:
            notices.append("too many objects were alive: later ones are recorded as opaque")
        complete = not notices and outcome.get("complete", True)
        with self.lock:
            footer = {"outcome": outcome, "complete": complete, "notices": notices}
            doubt = self.doubt or self.is_quick and heap.doubt
            if doubt:
                footer["doubt"] = doubt
            self.put({"footer": footer})

    def limit(self):
        """The run made its last event: say so and end it."""
        outcome = {"kind": "limit_reached", "limit": "events", "seconds": _now() - self.started}
        outcome["complete"] = False
        self.finish(outcome)
        _exit(0)

    def output(self, stream, text):
        if self.on:
            self.emit([OUTPUT, stream, _clean(text)])

    # -- following ------------------------------------------------------------------------

    def switch_thread(self, ident):
        if ident not in self.threads:
            self.threads[ident] = len(self.threads)
            self.stacks[ident] = []
        self.ident = ident
        self.stack = self.stacks[ident]
        self.emit([THREAD, self.threads[ident]])

    def here(self, frame):
        """Make the activation of `frame` the current one; None when it is not recorded."""
        ident = _ident()
        if ident != self.ident:
            self.switch_thread(ident)
        stack = self.stack
        if stack and stack[-1].frame is frame:
            return stack[-1]
        if id(frame) not in self.live:
            return None
        self.align(frame)
        return self.stack[-1]

    def align(self, frame):
        """Bring the stack in line with the interpreter's: `frame` and its recorded callers."""
        chain = []
        while frame is not None:
            act = self.live.get(id(frame))
            if act is not None:
                chain.append(act)
                if act in self.stack:
                    break
            frame = frame.f_back
        keep = self.stack.index(chain[-1]) + 1 if chain and chain[-1] in self.stack else 0
        while len(self.stack) > keep:
            self.drop(self.stack.pop())
        for act in reversed(chain[:-1] if keep else chain):
            self.stack.append(act)
            self.emit([RESUME, act.number])

    def drop(self, act):
        """An activation left the stack unseen: suspended by an await, or gone by an exception."""
        error = _exc_info()[1]
        if act.frame.f_code.co_flags & _SUSPENDABLE:
            self.emit([SUSPEND])
            return
        self.emit([LOST] if error is None else [UNWIND, *_told(error), id(error)])
        self.live.pop(id(act.frame), None)

    def sync(self, is_done=False):
        """Tell what changed in objects and in the current activation's variables.

        `is_done`: its statement is, so that the names it assigns were bound, if only to what they held.
        """
        self.heap.sync_all()
        if self.stack:
            act = self.stack[-1]
            self.sync_variables(act, act.binds if is_done else ())
            if is_done:
                act.binds = ()

    def sync_variables(self, act, bound=()):
        last, seen = act.last, act.frame.f_locals
        now = {}
        for name in list(seen):
            if name[:1] == "." or name in _HIDDEN and act.frame.f_code.co_name in ("<module>", name):
                continue
            now[name] = seen[name]
        for name in _HIDDEN.intersection(now):
            del now[name]
        for name, cell in act.cells:
            now.pop(name, None)
            self.sync_cell(cell)
        self.sync_globals(act.frame.f_globals, act.globals)
        for name in [name for name in last if name not in now]:
            del last[name]
            self.emit([UNBIND, name])
        for name, value in now.items():
            if name not in last or last[name] is not value or name in bound:
                self.emit([BIND, name, self.heap.value(value)])
                last[name] = value

    def sync_globals(self, space, names):
        """Tell the module's variables that a function mentions and that changed."""
        for name in names:
            value = space.get(name, _EMPTY)
            key = id(space), name
            if self.globals.get(key, _EMPTY) is not value:
                self.globals[key] = value
                if id(space) in self.spaces:
                    self.spaces[id(space)].last[name] = value
                if self.is_data(value):
                    self.emit([GLOBAL, space.get("__name__"), name, self.heap.value(value)])

    def is_data(self, value):
        cls = type(value)
        return value is not _EMPTY and (cls in INLINE or cls in PLAIN or self.kinds.of(cls) != "opaque")

    def sync_cell(self, cell):
        entry = self.cells[id(cell)]
        try:
            value = cell.cell_contents
        except ValueError:
            value = _EMPTY
        if entry[2] is not value:
            entry[2] = value
            if value is _EMPTY:
                self.emit([CELL_EMPTY, entry[1]])
            else:
                self.emit([CELL, entry[1], self.heap.value(value)])

    # -- hooks ----------------------------------------------------------------------------

    def step(self, site):
        """A statement is about to be executed (or a loop header to be asked)."""
        act = self.here(_frame(1)) if self.on else None
        if act is None:
            return
        self.sync(is_done=True)
        act.binds = self.binds.get(site, ())
        self.log.append(site)
        self.counted()

    def asked(self, site, iterable):
        """An iterator over `iterable` that tells the loop header's step before each item but the first."""
        again = chain((None,), iter(partial(self.step, site), _END))
        return map(_second, zip(again, iter(iterable)))

    def counted(self):
        self.count += 1
        if self.max_events and self.count >= self.max_events:
            self.limit()
        if len(self.log) > CHUNK:
            self.flush()

    def enter(self, site, shared=None):
        """A function body starts; `shared` is a function over the names that closures share."""
        if not self.on:
            return
        frame = _frame(1)
        ident = _ident()
        if ident != self.ident:
            self.switch_thread(ident)
        if frame.f_back is not None and not (self.stack and self.stack[-1].frame is frame.f_back):
            self.align(frame.f_back)
        self.sync()
        act = Activation(frame, self.number, site)
        self.number += 1
        self.live[id(frame)] = act
        names = _parameters(frame.f_code)
        seen = frame.f_locals
        if shared is not None:
            act.cells = [self.cell(*pair) for pair in zip(shared.__code__.co_freevars, shared.__closure__)]
        shown = [[name, cell[1]] for name, cell in ((n, self.cells[id(c)]) for n, c in act.cells)]
        values = [self.heap.value(seen[name]) for name in names]
        own = {name for name, _ in act.cells}
        act.last = {name: seen[name] for name in names if name not in own}
        self.emit([ENTER, site, act.number, values, shown])
        self.stack.append(act)
        if frame.f_code.co_name == "<module>":
            self.spaces[id(frame.f_globals)] = act
        else:
            names = frame.f_code.co_names
            act.globals = [name for name in names if name in frame.f_globals and name not in _HIDDEN]
            self.sync_globals(frame.f_globals, act.globals)
        for _, cell in act.cells:
            self.sync_cell(cell)
        self.counted()

    def cell(self, name, cell):
        """Number a cell at first sight."""
        if id(cell) not in self.cells:
            self.cells[id(cell)] = [cell, len(self.cells), _UNTOLD]
        return name, cell

    def leave(self):
        """The `finally` around a body with a return inside another `finally` or `with`."""
        if not self.on:
            return
        act = self.here(_frame(1))
        if act is not None and act.pending is not None:
            self.sync()
            self.gone(act, [RETURN, self.heap.value(act.pending[0])])

    def gone(self, act, entry):
        self.emit(entry)
        self.stack.pop()
        self.live.pop(id(act.frame), None)
        self.counted()

    def ret(self, site, value, late):
        """A return statement has its value; with `late` other code still runs before it leaves."""
        if not self.on:
            return value
        act = self.here(_frame(1))
        if act is not None:
            if late:
                act.pending = (value,)
            else:
                self.sync(is_done=True)
                self.gone(act, [RETURN, self.heap.value(value)])
        return value

    def end(self, site):
        """A body ran off its end."""
        if self.on:
            act = self.here(_frame(1))
            if act is not None:
                self.sync(is_done=True)
                self.gone(act, [RETURN, None])

    def fail(self, site):
        """An exception passes; a site that is not -1 says that it leaves the body for good."""
        error = _exc_info()[1]
        if error is not None:
            mend(error)
            if self.on:
                self.told_failure(_frame(1), site, error)
        return ()

    def told_failure(self, frame, site, error):
        act = self.here(frame)
        if act is not None:
            act.pending, act.binds = None, ()
            self.sync()
            told = [*_told(error), id(error)]
            self.emit([RAISE, *told])
            if site >= 0:
                self.gone(act, [UNWIND, *told])

    def caught(self):
        """A handler was chosen."""
        if self.on and self.here(_frame(1)) is not None:
            self.emit([CAUGHT])

    def taken(self, site, outcome):
        """A conditional expression chose a side."""
        if self.on:
            self.emit([TAKEN, site, outcome])

    def yld(self, value):
        """A generator gives a value and is suspended."""
        if not self.on:
            return value
        act = self.here(_frame(1))
        if act is not None:
            self.sync()
            told = self.heap.value(value)
            self.emit([YIELD, told])
            self.stack.pop()
            while self.stack and self.stack[-1].delegating:
                self.emit([YIELD, told])
                self.stack.pop()
            self.counted()
        return value

    def resumed(self, value):
        """A suspended activation goes on."""
        if self.on:
            act = self.here(_frame(1))
            if act is not None:
                act.delegating = False
        return value

    def delegate(self, iterable):
        """The operand of a `yield from`."""
        if not self.on:
            return iterable
        act = self.here(_frame(1))
        if act is None:
            return iterable
        if type(iterable) in SIMPLE:
            return map(self.pass_on, iterable)
        act.delegating = True
        return iterable

    def pass_on(self, value):
        """One value of a plain iterable on its way through a `yield from`."""
        return self.yld_from(value, _frame(1))

    def yld_from(self, value, frame):
        if self.on and self.here(frame) is not None:
            self.emit([YIELD, self.heap.value(value)])
            self.stack.pop()
        return value


_second = itemgetter(1)


def pack(flat, texts):
    """A flat list as 64-bit integers, and the places of what is no such integer: floats, texts, the rest.

    `texts` numbers the texts that were met, and is added to: a text stands in the integers as its number.
    """
    numbers, floats, named, odd, new = [], [], [], [], []
    whole = len(flat) - len(flat) % PIECE
    for start in range(0, whole, PIECE):
        piece = flat[start : start + PIECE]
        try:
            numbers.append(_packed(*piece))
        except _STRUCT_ERROR:
            sort_out(piece, start, texts, floats, named, odd, new)
            numbers.append(_packed(*piece))
    piece = flat[whole:]
    sort_out(piece, whole, texts, floats, named, odd, new)
    numbers.append(struct.pack("%dq" % len(piece), *piece))
    return numbers, floats, named, odd, new


def sort_out(piece, start, texts, floats, named, odd, new):
    """Put into `piece` an integer in the place of whatever is none, and note what it was."""
    for i, kind in enumerate(map(type, piece)):
        if kind is int:
            continue
        value = piece[i]
        if kind is float:
            floats.append((start + i, value))
            piece[i] = 0
        elif kind is str and (value in texts or is_short(value, texts)):
            number = texts.get(value)
            if number is None:
                number = texts[value] = len(texts)
                new.append(value)
            named.append((start + i, value))
            piece[i] = number
        else:
            odd.append((start + i, plain(value) if kind is str else value))
            piece[i] = 0
    if max(piece, default=0) >= _LIMIT or min(piece, default=0) < -_LIMIT:
        for i, value in enumerate(piece):
            if not -_LIMIT <= value < _LIMIT:
                odd.append((start + i, plain(value)))
                piece[i] = 0


def is_short(text, texts):
    """Whether a text is worth a number of its own: short, printable as JSON, and not one of too many."""
    return len(text) <= 64 and len(texts) < MAX_TEXTS and (text.isascii() or not text_problem(text))


def plain(data):
    """Encoded data with its over-long numbers and unprintable texts told as such."""
    if type(data) in (list, tuple):
        return [plain(item) for item in data]
    if type(data) is int and not -BIG_INT < data < BIG_INT:
        return ["i", hex(data)]
    if type(data) is str and not data.isascii() and text_problem(data):
        return ["u", [ord(c) for c in data]]
    return data


_LIMIT, MAX_TEXTS = 1 << 63, 50_000
_packed, _STRUCT_ERROR = struct.Struct("%dq" % PIECE).pack, struct.error


class _Mark:
    pass


_EMPTY, _UNTOLD, _END = _Mark(), _Mark(), _Mark()


def _parameters(code):
    """Names of a code object's parameters in the order of the site table."""
    if code.co_name == "<module>":
        return ()
    positional = code.co_argcount
    count = positional + code.co_kwonlyargcount
    names = list(code.co_varnames[:positional])
    extra = count
    keyword = code.co_varnames[positional:count]
    if code.co_flags & 4:
        names.append(code.co_varnames[extra])
        extra += 1
    names += keyword
    if code.co_flags & 8:
        names.append(code.co_varnames[extra])
    return names


def _told(error):
    """Class name, message, cause and base names of an exception."""
    cls = type(error)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    reason = f"{type_name(type(cause))}: {message_of(cause)}" if cause is not None else ""
    bases = [type_name(base) for base in type.__dict__["__mro__"].__get__(cls)[1:-1]]
    return [type_name(cls), _clean(message_of(error)), _clean(reason), bases]


def _clean(text):
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def document(value, kinds):
    """Encode one value apart from any log: {"objects": [...], "value": ...}."""
    entries = []
    heap = Heap(entries.append, kinds)
    told = heap.value(value)
    return {"objects": [item for entry in entries if entry[0] == NEW for item in entry[1]], "value": told}
