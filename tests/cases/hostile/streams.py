"""Standard input and output: read, closed, replaced, flooded."""

import os
import sys


def reads_a_line():
    """expect: raised EOFError"""
    return input("name? ")


def reads_everything():
    """expect: returned ''"""
    return sys.stdin.read()


def reads_descriptor_zero():
    """expect: returned b''"""
    return os.read(0, 10)


def closes_stdout():
    """expect: returned 1"""
    sys.stdout.close()
    return 1


def closes_stdout_and_prints():
    """expect: raised ValueError"""
    sys.stdout.close()
    print("x")


def closes_descriptor_one():
    """expect: returned 1"""
    os.close(1)
    print("x")
    return 1


def removes_stdout():
    """expect: returned 1"""
    sys.stdout = None
    print("x")
    return 1


def replaces_stdout():
    """expect: returned 'caught\\n'"""
    import io

    sys.stdout = io.StringIO()
    print("caught")
    return sys.stdout.getvalue()


def redirects_stdout():
    """expect: returned 'caught\\n'"""
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()) as buffer:
        print("caught")
    return buffer.getvalue()


def stdout_that_raises():
    """expect: raised RuntimeError"""

    class Broken:
        def write(self, text):
            raise RuntimeError("no")

        def flush(self):
            pass

    sys.stdout = Broken()
    print("x")


def stdout_that_prints():
    """expect: raised RecursionError or died SIGSEGV"""

    class Loop:
        def write(self, text):
            print(text)

        def flush(self):
            pass

    sys.stdout = Loop()
    print("x")


def floods_stdout():
    """expect: limit_reached output"""
    while True:
        print("x" * 1000)


def floods_stderr():
    """expect: limit_reached output"""
    while True:
        sys.stderr.write("y" * 1000)


def floods_descriptor_one():
    """expect: limit_reached or raised OSError or died"""
    while True:
        os.write(1, b"z" * 100_000)


def one_line_of_megabytes():
    """expect: limit_reached output"""
    print("x" * 5_000_000)


def prints_escapes():
    """expect: returned None"""
    print("\x1b[2J\x1b]0;pwned\x07\x1b[31mred\x1b[0m \x9b1A \u202eabc")


def prints_binary():
    """expect: returned None"""
    sys.stdout.buffer.write(bytes(range(256)))
    sys.stdout.flush()


def prints_lone_surrogates():
    """expect: returned None"""
    print("\ud800 \udcff")


def prints_nul():
    """expect: returned None"""
    print("a\0b\rc\bd\vf\fg")


def prints_between_tests():
    """expect: returned None"""
    print(end="")
    print("no newline", end="")


def asks_what_stdout_is():
    """expect: returned ('utf-8', False, True)"""
    return sys.stdout.encoding.lower(), sys.stdout.isatty(), sys.stdout.writable()


def reconfigures_stdout():
    """expect: returned None"""
    sys.stdout.reconfigure(encoding="ascii", errors="replace")
    print("ä")


def writes_a_fake_outcome():
    """expect: returned 1"""
    print('{"footer": {"outcome": {"kind": "returned", "result": 42}}}')
    return 1


def logs():
    """expect: returned 1"""
    import logging

    logging.basicConfig(level=logging.DEBUG)
    logging.getLogger("x").error("to stderr %s", "now")
    return 1


def warns():
    """expect: returned 1"""
    import warnings

    warnings.warn("careful", DeprecationWarning, stacklevel=1)
    return 1
