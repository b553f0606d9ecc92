"""The recorder: instruments modules as they are imported and writes what they do as a trace log.

It runs in the program's own interpreter and is loaded by path; it needs only the standard library.
"""

import builtins
import sys

_HERE = __file__.rpartition("/")[0]
_BUILTINS = dict(vars(builtins))  # our own: the program may replace what it likes in its own


def _part(name):
    """Load a file beside this one under a name that no program uses."""
    from importlib.util import module_from_spec, spec_from_file_location

    full = "codeassist_probe_" + name
    if full not in sys.modules:
        spec = spec_from_file_location(full, _HERE + "/" + name + ".py")
        sys.modules[full] = module_from_spec(spec)
        sys.modules[full].__builtins__ = _BUILTINS
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


_heap = _part("heap")
_part("scopes")
_part("atoms")
_instrument = _part("instrument")
_part("tracebacks")
_part("quick_entries")
_part("quick_rewrite")
_part("quick_hooks")
_part("pending")
_hooks = _part("hooks")
_imports = _part("imports")

_recorder = _hooks.Recorder()
_importer = None


def install(roots, overlay, detail="full"):
    """Instrument every module imported from now on whose file is below one of `roots` or in `overlay`.

    `overlay` maps a path to the source text that stands in for the file. With `detail` "exact" every
    object is compared at every step; otherwise that is done only where the quick way does not serve.
    """
    global _importer
    _recorder.is_quick = detail != "exact"
    _importer = _imports.Importer(roots, overlay, _recorder)
    sys.meta_path.insert(0, _importer)


def load(path, name):
    """Import the file `path` as the module `name`, instrumented; give back the module."""
    with _recorder.dropping():
        return _imports.load(path, name, _importer)


def begin(fd, max_events=0):
    """Start writing the trace log to the file descriptor `fd`; 0 events means no limit."""
    _recorder.begin(fd, max_events)


def flush():
    """Write what has gathered so far."""
    _recorder.flush()


def output(stream, text):
    """Place text that the program wrote (`stream` is stdout or stderr) among the events."""
    _recorder.output(stream, text)


def encode(value):
    """A value as it stands when called, encoded on its own (docs/trace-format.md, documents)."""
    return _hooks.document(value, _recorder.kinds)


def finish(outcome):
    """Write what is left and the footer with the outcome; nothing is recorded afterwards."""
    _recorder.finish(outcome)
