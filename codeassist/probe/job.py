"""One target in the user's interpreter: how it is imported, and how one job on it is executed."""

import builtins
import importlib.util
import io
import os
import random
import sys
import types

try:
    import resource
except ImportError:  # not on Windows
    resource = None

_exit, _dup2, _close, _open = os._exit, os.dup2, os.close, os.open
_eval, _exec, _compile = builtins.eval, builtins.exec, builtins.compile
_seed = random.seed
FINISHED, LOST = 214, 213
"""exit statuses of a job that wrote its outcome, and of one that could not"""
STDLIB = os.path.realpath(os.path.dirname(os.__file__))
_DRAINED = 1000
"""items taken from a generator that the call returned"""
_TOP_LEVEL_AWAIT = 0x2000  # ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, without importing ast
_NOT_OURS = ("site-packages", "dist-packages")


class Target:
    """What one server serves: a file, imported once; `failure` says why it could not be."""

    def __init__(self, order, recorder):
        self.order, self.recorder = order, recorder
        self.namespace, self.failure = {}, None
        _extend_path(order["search"])
        recorder.install(order["recorded"], order["overlay"], order["detail"])
        recorder.encode(None)  # whatever it loads for that is loaded once, not in every job

    def load(self):
        """Import the target, unless the jobs are scripts or tests, which bring their own."""
        if not self.order["name"]:
            return
        sys.stdout = sys.__stdout__ = _stream(lambda text: None, 1)
        sys.stderr = sys.__stderr__ = _stream(lambda text: None, 2)
        try:
            self.namespace = _import(self.recorder, self.order["path"], self.order["name"]).__dict__
        except BaseException as error:  # SystemExit and KeyboardInterrupt are the program's own too
            self.failure = error

    def run(self, job, fd):
        """Execute one job, its trace into `fd`; never returns."""
        execution = Execution(self, job, fd)
        execution.prepare()
        if self.failure is not None:
            execution.finish(import_failure(self.failure, self.order["path"]))
        execution.execute()


class Execution:
    """One job in its own process."""

    def __init__(self, target, job, fd):
        self.target, self.recorder, self.job, self.fd = target, target.recorder, job, fd
        self.recording, self.finished, self.written = False, False, 0

    def prepare(self):
        """Own session, own streams, own random numbers."""
        os.setsid()
        _limit_memory(self.job["memory"])
        self.spill = _spill()
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(
            io.BytesIO(self.job["stdin"].encode()), encoding="utf-8", newline=None
        )
        sys.stdout = sys.__stdout__ = _stream(lambda text: self.emit("stdout", text), 1)
        sys.stderr = sys.__stderr__ = _stream(lambda text: self.emit("stderr", text), 2)
        _seed(self.job["seed"])
        numbers = sys.modules.get("numpy.random")
        if numbers is not None:
            numbers.seed(self.job["seed"] % 2**32)

    def emit(self, stream, text):
        """Text that the program wrote; what comes before the recording or over the cap is dropped."""
        if not self.recording or self.finished:
            return
        self.written += len(text)
        self.recorder.output(stream, text)
        if self.written > self.job["output"]:
            self.finish({"kind": "limit_reached", "limit": "output"})

    def begin(self):
        """Start recording."""
        self.recorder.begin(self.fd, self.job["events"])
        self.recording = True
        if self.job["through"]:
            _write_through(self.recorder, self.target.order["roots"])

    def finish(self, outcome):
        """Write the outcome and end the process, whatever threads and exit handlers there are."""
        if not self.recording:  # it never came so far
            self.begin()
        self.finished = True
        sys.settrace(None)
        self.replay_spill()
        self.recorder.finish(outcome)
        _exit(FINISHED)

    def replay_spill(self):
        """What went past sys.stdout, straight to the descriptor or from a subprocess, comes last."""
        for stream, fd in self.spill:
            data = os.pread(fd, max(0, self.job["output"] - self.written), 0)
            if data:
                self.recorder.output(stream, data.decode("utf-8", "backslashreplace"))

    def execute(self):
        """Run the job to its end."""
        kind = self.job["kind"]
        try:
            outcome = {"call": self.call, "script": self.script, "test": self.test}[kind]()
        except BaseException as error:
            outcome = exception_outcome(error, self.target.order["roots"])
        self.finish(outcome)

    # --- expressions ---------------------------------------------------------------------------

    def call(self):
        """Statements of the setup, unrecorded; then the expression, recorded."""
        namespace = self.target.namespace
        try:
            for statement in self.job["setup"]:
                _exec(_compile(statement, "<setup>", "exec", dont_inherit=True), namespace)
            code = _compile(self.job["call"].strip(), "<call>", "eval", _TOP_LEVEL_AWAIT, True)
        except SyntaxError as error:
            return bad_input(error, "the expression does not parse")
        except BaseException as error:
            return bad_input(error, "a statement before the call failed")
        self.begin()
        try:
            value = _drive(_eval(code, namespace))
        except NameError as error:
            if error.__traceback__.tb_next.tb_next is None:  # a name in the call itself
                return bad_input(error, "the call names something that the module does not have")
            raise
        _drain(value)
        return {"kind": "returned", "result": self.recorder.encode(value)}

    # --- scripts -------------------------------------------------------------------------------

    def script(self):
        """A file, or a module by name, as `__main__`."""
        path, name = self.job["path"], self.job["module"]
        if name:
            try:
                spec = _find_main(name)
            except BaseException as error:
                return bad_input(error, "the module cannot be found")
            path = spec.origin
        sys.argv[:] = [path, *self.job["argv"]]
        self.begin()
        self.recorder.load(path, "__main__")
        return {"kind": "returned", "result": self.recorder.encode(None)}

    # --- tests ---------------------------------------------------------------------------------

    def test(self):
        """One pytest node; what is recorded is the call of the test, not its fixtures."""
        try:
            import pytest
        except ImportError as error:
            return bad_input(error, "pytest is not installed for this interpreter")
        sys.argv[:] = ["pytest"]
        plugins = [
            "-p",
            "no:cacheprovider",
            "-p",
            "no:codeassist",
        ]  # our own would have to be readable in here
        options = ["-s", "-q", *plugins, "--assert=plain", "-o", "addopts=", self.job["test"]]
        status = int(pytest.main(options, plugins=[_recording_plugin(self, pytest)]))
        words = _PYTEST.get(status, "the test did not run")
        return {"kind": "bad_input", "exception": {"cls": "UsageError", "message": words}}


_PYTEST = {
    2: "pytest was interrupted while it collected the test",
    3: "pytest had an internal error",
    4: "pytest knows no test of that name",
    5: "pytest found no test of that name",
}


def _recording_plugin(execution, pytest):
    class Plugin:
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_call(self, item):
            execution.begin()
            result = yield
            if result.excinfo is not None:
                execution.finish(exception_outcome(result.excinfo[1], execution.target.order["roots"]))
            execution.finish({"kind": "returned", "result": execution.recorder.encode(None)})

        def pytest_runtest_logreport(self, report):
            if report.when == "setup" and report.failed:
                text = str(getattr(report.longrepr, "reprcrash", None) or report.longrepr)
                execution.finish(
                    {"kind": "bad_input", "exception": {"cls": "FixtureError", "message": text[:2000]}}
                )

    return Plugin()


def _find_main(name):
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(name + ".__main__")
    if spec is None or not spec.origin or not spec.origin.endswith(".py"):
        raise ImportError("No module named %s" % name)
    return spec


# --- importing -----------------------------------------------------------------------------------


def _extend_path(folders):
    """Put the project after the standard library: a `json.py` of its own must not break everything."""
    own = [index for index, entry in enumerate(sys.path) if _is_stdlib(entry)]
    place = own[-1] + 1 if own else 0
    sys.path[place:place] = [folder for folder in folders if folder not in sys.path]


def _is_stdlib(entry):
    entry = os.path.realpath(entry)
    inside = entry == STDLIB or entry.startswith(STDLIB + os.sep)
    return inside and not any(word in entry for word in _NOT_OURS)


def _import(recorder, path, name):
    if _is_stdlib(os.path.dirname(path)):
        return _import_stdlib(recorder, path, name)
    parent, _, last = name.rpartition(".")
    if not parent:
        return recorder.load(path, _free_name(name))
    package = importlib.import_module(parent)
    if name not in sys.modules:
        setattr(package, last, recorder.load(path, name))
    return sys.modules[name]


def _free_name(name):
    """A file named like a module of the standard library must not take that module's place."""
    known = getattr(sys, "stdlib_module_names", sys.builtin_module_names)
    return "_" + name if name in known or name in sys.modules else name


def _import_stdlib(recorder, path, name):
    """A fresh, recorded copy of a standard module, its C accelerator out of the way if it can be.

    A module that its own imports need (functools, collections) gets a name of its own as the last resort.
    """
    parent, dot, last = name.rpartition(".")
    copy = parent + dot + "_copy_of_" + last
    plain, masked = {name: _ABSENT}, {name: _ABSENT, "_" + last: None}
    for own_name, entries in ((name, masked), (copy, {"_" + last: None}), (name, plain)):
        try:
            return _load_masked(recorder, path, own_name, entries)
        except Exception:  # whatever half a module leads to
            continue
    return recorder.load(path, copy)


_ABSENT = object()


def _load_masked(recorder, path, name, masked):
    """Load with some entries of sys.modules absent or None, which are put back afterwards."""
    before = {key: sys.modules.get(key, _ABSENT) for key in masked}
    for key, value in masked.items():
        _put(key, value)
    try:
        module = recorder.load(path, name)
    except BaseException:
        _put(name, before.get(name, _ABSENT))
        raise
    finally:
        for key in set(masked) - {name}:
            _put(key, before[key])
    return module


def _put(key, value):
    if value is _ABSENT:
        sys.modules.pop(key, None)
    else:
        sys.modules[key] = value


def import_failure(error, path):
    """The outcome of every job when the target itself cannot be imported."""
    if type(error) is SyntaxError and error.filename == path:
        return bad_input(error, "the file does not parse")
    return bad_input(error, "the module cannot be imported")


# --- values --------------------------------------------------------------------------------------


def _drive(value):
    """Run a coroutine that the call returned; anything else is the value itself."""
    if type(value) is not types.CoroutineType:
        return value
    import asyncio

    return asyncio.run(value)


def _drain(value):
    """Take the items of a generator that the call returned: its yields belong to the run."""
    if type(value) is types.GeneratorType:
        for count, _ in enumerate(value, 1):
            if count >= _DRAINED:
                return
    elif type(value) is types.AsyncGeneratorType:
        _drive(_drain_async(value))


async def _drain_async(value):
    count = 0
    async for _ in value:
        count += 1
        if count >= _DRAINED:
            return


# --- exceptions, told without running a method of the program --------------------------------------


def exception_outcome(error, roots):
    """The outcome for an exception that left the program."""
    if isinstance_of(error, SystemExit):
        return {"kind": "exited", "status": _exit_status(error), "exception": describe(error, roots)}
    if type(error) is MemoryError:
        return {"kind": "limit_reached", "limit": "memory", "exception": describe(error, roots)}
    return {"kind": "raised", "exception": describe(error, roots)}


def bad_input(error, words):
    """The outcome when what was asked for cannot be run."""
    told = describe(error, ())
    return {"kind": "bad_input", "exception": {**told, "message": "%s: %s" % (words, told["message"])}}


def isinstance_of(value, cls):
    """Whether the true class of `value` derives from `cls`; a lying `__class__` is not asked."""
    return cls in type.__dict__["__mro__"].__get__(type(value))


def describe(error, roots):
    """Class, message, line, cause and base classes as plain text and numbers."""
    bases = [class_name(cls) for cls in type.__dict__["__mro__"].__get__(type(error))]
    cause = BaseException.__dict__["__cause__"].__get__(error)
    if cause is None and not BaseException.__dict__["__suppress_context__"].__get__(error):
        cause = BaseException.__dict__["__context__"].__get__(error)
    return {
        "cls": class_name(type(error)),
        "message": message_of(error),
        "line": _line_of(error, roots),
        "cause": "" if cause is None else "%s: %s" % (class_name(type(cause)), message_of(cause)),
        "bases": bases[1:-1],
    }


def class_name(cls):
    """The name of a class, past any metaclass."""
    return type.__dict__["__name__"].__get__(cls)


def message_of(error):
    """What str() says, if that runs nothing of the program's own; else the arguments."""
    arguments = BaseException.__dict__["args"].__get__(error)
    try:
        if _has_plain_str(error) and all(_is_plain(item) for item in arguments):
            text = str(error)
        else:
            text = ", ".join(_plain_text(item) for item in arguments)
    except Exception:  # a number too long to print, say
        text = ""
    return text[:10_000]


def _has_plain_str(error):
    """Whether the class of `error` takes `__str__` from a built-in exception."""
    for cls in type.__dict__["__mro__"].__get__(type(error)):
        if "__str__" in type.__dict__["__dict__"].__get__(cls):
            return type.__dict__["__module__"].__get__(cls) == "builtins"
    return False


_PLAIN = (str, int, float, complex, bool, bytes, type(None))


def _is_plain(value, depth=0):
    if type(value) in (tuple, list):
        return depth < 3 and len(value) < 100 and all(_is_plain(item, depth + 1) for item in value)
    return type(value) in _PLAIN


def _plain_text(value):
    return str(value) if _is_plain(value) else "<%s>" % class_name(type(value))


def _line_of(error, roots):
    """Line of the innermost frame in the recorded files."""
    line, entry = 0, BaseException.__dict__["__traceback__"].__get__(error)
    while entry is not None:
        if any(entry.tb_frame.f_code.co_filename.startswith(root) for root in roots):
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def _exit_status(error):
    code = SystemExit.__dict__["code"].__get__(error)
    if code is None:
        return 0
    return code if type(code) is int else 1


# --- streams and limits ----------------------------------------------------------------------------


class _Raw(io.RawIOBase):
    """Bytes that the program wrote to a stream, handed on as text."""

    def __init__(self, emit, fd):
        self.emit, self.fd = emit, fd

    def writable(self):
        return True

    def fileno(self):
        return self.fd

    def write(self, data):
        self.emit(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)


def _stream(emit, fd):
    return io.TextIOWrapper(
        _Raw(emit, fd), encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True
    )


def _write_through(recorder, roots):
    """Flush before every instruction of the program's own: slow, but nothing is lost when it dies."""

    def is_own(code):
        return any(code.co_filename.startswith(root) for root in roots)

    if hasattr(sys, "monitoring"):
        _watch_instructions(recorder.flush, is_own)
        return

    def local(frame, event, argument):
        recorder.flush()
        return local

    def tracer(frame, event, argument):
        if not is_own(frame.f_code):
            return None
        frame.f_trace_opcodes = True
        return local

    sys.settrace(tracer)


def _watch_instructions(flush, is_own):
    """The same from Python 3.12 on, where sys.settrace misses instructions."""
    monitoring = sys.monitoring
    events = monitoring.events
    tool = next((number for number in range(6) if monitoring.get_tool(number) is None), None)
    if tool is None:
        return
    monitoring.use_tool_id(tool, "codeassist")

    def start(code, offset):
        if is_own(code):
            monitoring.set_local_events(tool, code, events.INSTRUCTION)

    monitoring.register_callback(tool, events.PY_START, start)
    monitoring.register_callback(tool, events.INSTRUCTION, lambda code, offset: flush())
    monitoring.set_events(tool, events.PY_START)


def _spill():
    """Descriptors 1 and 2 go into nameless files, to be told at the end."""
    result = []
    for stream, fd in (("stdout", 1), ("stderr", 2)):
        path = "%s/spill-%d-%d" % (os.environ.get("TMPDIR", "/tmp"), os.getpid(), fd)
        own = _open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.unlink(path)
        _dup2(own, fd)
        result.append((stream, own))
    return result


def _limit_memory(size):
    """A ceiling on the address space, against bursts; what is resident is watched from outside."""
    if resource is None:
        return
    try:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        ceiling = max(4 * size, size + (4 << 30))
        if hard == resource.RLIM_INFINITY or ceiling < hard:
            resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    except (OSError, ValueError):
        pass
