"""The server: runs in the user's interpreter, imports the target once and forks for every job.

Started by path with the number of a socket as its argument. Messages to it are a length and a
marshalled dict, the first with what to import, each later one with a job and the descriptor of the
file for its trace. Its answers are lines: `ready VERSION`, `done NUMBER STATUS`. What it answers is
not believed by anybody: the programs it imports may have rewritten it.
"""

import sys

if sys.path and sys.path[0] == __file__.rpartition("/")[0]:
    del sys.path[0]  # a sibling of this file must never shadow a module of the user's

import _socket
import builtins
import gc
import importlib.util
import marshal
import os
import random
import time

_exit, _fork, _waitpid, _clock = os._exit, os.fork, os.waitpid, time.monotonic
__builtins__ = dict(vars(builtins))  # our own: the program may replace what it likes in its own
HERE = os.path.dirname(os.path.abspath(__file__))


def _sibling(name):
    spec = importlib.util.spec_from_file_location(
        "codeassist_probe_" + name, os.path.join(HERE, name + ".py")
    )
    module = importlib.util.module_from_spec(spec)
    module.__builtins__ = __builtins__
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main():
    """Serve until the socket closes."""
    control = _socket.socket(fileno=int(sys.argv[1]))
    os.set_inheritable(control.fileno(), False)
    signals = _signal_filter() if "own-signals" in sys.argv else None
    sys.argv[:] = [""]
    job = _sibling("job")
    order, _ = receive(control)
    random.seed(order["seed"])
    target = job.Target(order, _sibling(order["recorder"]))
    control.sendall(b"up %s\n" % sys.version.split()[0].encode())
    target.load()
    random.seed(order["seed"])
    gc.collect()
    gc.freeze()  # the children share these pages as long as nobody touches them
    control.sendall(b"ready\n")
    while True:
        order, fd = receive(control)
        _serve(control, job, target, order, fd, signals)


def _signal_filter():
    """What a job calls to give up signals to others, where nothing else keeps it from them."""
    sys.modules["syscalls"] = _sibling("syscalls")
    try:
        return _sibling("seccomp").refuse_foreign_signals
    finally:
        del sys.modules["syscalls"]


def _serve(control, job, target, order, fd, signals):
    if order["calls"]:
        _sibling("batch").serve(job, target, order, fd, signals)
        os.close(fd)
        control.sendall(b"done %d 0\n" % order["number"])
        return
    child = _fork()
    if child == 0:
        control.close()
        try:
            if signals:
                signals(os.getpid())
            target.run(order, fd)
        finally:
            _exit(job.LOST)
    os.close(fd)
    status = _waitpid(child, 0)[1]
    control.sendall(b"done %d %d\n" % (order["number"], status))


def receive(control):
    """The next message and the descriptor that came with it (or None); ends the process at the end."""
    head, ancillary, _, _ = control.recvmsg(4, _socket.CMSG_SPACE(4))
    fd = None
    for level, kind, data in ancillary:
        if (level, kind) == (_socket.SOL_SOCKET, _socket.SCM_RIGHTS):
            fd = int.from_bytes(data[:4], sys.byteorder)
            os.set_inheritable(fd, False)
    head += _exactly(control, 4 - len(head))
    return marshal.loads(_exactly(control, int.from_bytes(head, "big"))), fd


def _exactly(control, size):
    data = b""
    while len(data) < size:
        piece = control.recv(size - len(data))
        if not piece:
            _exit(0)
        data += piece
    return data


if __name__ == "__main__":
    main()
