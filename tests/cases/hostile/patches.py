"""Programs that replace what everybody relies on."""

import builtins
import json
import os
import sys
import time


def replaces_len():
    """expect: returned 42"""
    builtins.len = lambda x: 42
    xs = [1]
    xs.append(2)
    return len(xs)


def replaces_every_builtin():
    """expect: returned or raised or died or exited"""
    for name in ("isinstance", "type", "id", "repr", "str", "list", "dict", "tuple", "range", "getattr", "iter"):
        setattr(builtins, name, None)
    xs = [1]
    xs.append(2)
    return xs


def deletes_builtins():
    """expect: returned or raised or died or exited"""
    for name in list(vars(builtins)):
        if not name.startswith("__"):
            delattr(builtins, name)
    xs = [1]
    xs.append(2)
    return xs


def replaces_print():
    """expect: returned 1"""
    builtins.print = None
    return 1


def replaces_open():
    """expect: returned 1"""

    def no(*_, **__):
        raise RuntimeError("no files today")

    builtins.open = no
    return 1


def replaces_json():
    """expect: returned 1"""
    json.dumps = json.loads = lambda *_, **__: "{}"
    return 1


def replaces_json_encoder():
    """expect: returned 1"""

    class Broken:
        def __init__(self, *_, **__):
            raise RuntimeError("no")

    json.JSONEncoder = Broken
    return 1


def replaces_os_write():
    """expect: returned 1"""
    os.write = lambda *_: 0
    os._exit = lambda *_: None
    os.fork = None
    return 1


def replaces_time():
    """expect: returned 1"""
    time.time = time.monotonic = time.perf_counter = time.sleep = lambda *_: 0
    return 1


def stops_the_clock():
    """expect: limit_reached events or limit_reached time"""
    time.monotonic = lambda: 0
    while True:
        pass


def replaces_import():
    """expect: returned 1"""
    builtins.__import__ = None
    return 1


def empties_sys_modules():
    """expect: returned 1"""
    sys.modules.clear()
    return 1


def empties_sys_path():
    """expect: returned 1"""
    sys.path.clear()
    return 1


def puts_itself_first_on_sys_path():
    """expect: returned"""
    sys.path.insert(0, os.path.dirname(__file__))
    import streams

    return streams.__name__


def replaces_builtins_in_its_globals():
    """expect: returned or raised"""
    globals()["__builtins__"] = {}
    x = 1
    return x


def renames_itself():
    """expect: returned"""
    globals()["__name__"] = "json"
    globals()["__file__"] = "/etc/passwd"
    x = 1
    return x


def clears_its_globals():
    """expect: returned or raised"""
    x = 1
    globals().clear()
    x += 1
    return x


def replaces_exceptions():
    """expect: raised"""
    builtins.BaseException = builtins.Exception = builtins.MemoryError = int
    raise ValueError("x")


def replaces_object_new():
    """expect: raised TypeError"""
    object.__new__ = None


def raises_the_switch_interval():
    """expect: returned 1"""
    sys.setswitchinterval(1000)
    return 1


def lowers_the_recursion_limit():
    """expect: returned 3 or raised RecursionError"""
    sys.setrecursionlimit(60)
    xs = [1]
    xs.append(2)
    return sum(xs)


def freezes_the_recursion_limit():
    """expect: raised RecursionError or returned"""
    sys.setrecursionlimit(10)

    def down(n):
        return n and down(n - 1)

    return down(100)


def replaces_random():
    """expect: returned 4"""
    import random

    random.seed = random.random = lambda *_: 4
    return random.random()


def two_runs_give_the_same_numbers():
    """expect: returned 0.8444218515250481"""
    import random

    return random.random()


def hash_seed_is_fixed():
    """expect: returned '0'"""
    return os.environ["PYTHONHASHSEED"]
