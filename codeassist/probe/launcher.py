"""What confine.py does: namespaces, an init process that sweeps orphans, limits, Landlock, seccomp."""

import _signal
import marshal
import os
import resource
import select
import sys

LINUX = sys.platform.startswith("linux")
if LINUX:
    import landlock
    import namespaces
    import seccomp
    import syscalls

_IDLE = 0.1  # seconds between two looks for orphans that want reaping


def main():
    """Read the order, confine, start; ends when the interpreter has ended."""
    order = _read_order()
    layers = {}
    supervisor = _enter_namespaces(order, layers)
    worker = os.fork()
    if worker == 0:
        _become_worker(order, layers, supervisor)
    for fd in {1, 2, *order["pass"]} - {0}:
        os.close(fd)
    os._exit(_supervise(worker))


def _read_order():
    size = int.from_bytes(_read_exactly(4), "big")
    return marshal.loads(_read_exactly(size))


def _read_exactly(size):
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            os._exit(1)
        data += piece
    return data


# --- namespaces and the init process -------------------------------------------------------------


def _enter_namespaces(order, layers):
    """Unshare what can be unshared; returns the pid, as the worker will see it, of its supervisor."""
    if not LINUX:
        return os.getpid()
    syscalls.prctl(syscalls.PR_SET_CHILD_SUBREAPER, 1)
    wanted = [name for name in namespaces.FLAGS if name + "-namespace" not in order["without"]]
    reasons = dict.fromkeys(namespaces.FLAGS, "left out on request")
    if order["mode"] == "off":
        wanted = []
    reasons.update(namespaces.enter(wanted))
    for name, reason in reasons.items():
        layers[name + "-namespace"] = (not reason, reason)
    if not layers["pid-namespace"][0]:
        _hide_files(order, layers, own_processes=False)
        return os.getpid()
    child = os.fork()
    if child:
        _wait_for(child)
    syscalls.prctl(syscalls.PR_SET_PDEATHSIG, 9)
    _hide_files(order, layers, own_processes=True)
    return 1


def _wait_for(init):
    """The outer process only lives to be killed: its death takes the whole namespace with it."""
    os.closerange(0, 256)
    _, status = os.waitpid(init, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _hide_files(order, layers, own_processes):
    if not layers["mount-namespace"][0]:
        return
    try:
        namespaces.read_only(order["scratch"], order["megabytes"])
    except (OSError, KeyError) as error:
        layers["mount-namespace"] = (False, "mounts cannot be made read-only: %s" % error)
    if own_processes:
        try:
            namespaces.own_proc()
        except OSError:  # a container that masks /proc: Landlock keeps it closed all the same
            pass


def _supervise(worker):
    """Reap orphans until the worker ends or the owner of standard input is gone; the exit status."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    _signal.set_wakeup_fd(writer)
    _signal.signal(_signal.SIGCHLD, lambda *_: None)
    poll = select.poll()
    poll.register(0, select.POLLHUP)
    poll.register(reader, select.POLLIN)
    status = None
    while status is None:
        status = _reap(worker)
        if status is None and any(fd == 0 for fd, _ in poll.poll(_IDLE * 1000)):
            break
    _sweep()
    return 0 if status is None else status & 0xFF


def _reap(worker):
    """Collect what has ended; the worker's exit code, or None while it lives."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return 0
        if pid == worker:
            return os.waitstatus_to_exitcode(status)
        if pid == 0:
            return None


def _sweep():
    """Kill every descendant. The init of a process namespace need not: its own end does it."""
    if not LINUX or os.getpid() == 1:
        return
    for _ in range(1000):
        found = _children(os.getpid())
        for pid in found:
            found += _children(pid)
            try:
                os.kill(pid, 9)
            except OSError:
                pass
        _reap(-1)
        if not found:
            return


def _children(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid)) as stream:
            return [int(word) for word in stream.read().split()]
    except OSError:
        return []


# --- the worker ----------------------------------------------------------------------------------


def _become_worker(order, layers, supervisor):
    os.setsid()
    status = os.dup(1)
    _set_streams(order)
    try:
        _set_limits(order, layers)
        if LINUX and order["mode"] != "off":
            _confine(order, layers, supervisor)
            _prove(order, layers)
        else:
            _explain_absence(order, layers)
        _start(order, layers, status)
    except BaseException as error:
        _report(status, {"error": (False, "%s: %s" % (type(error).__name__, error))})
    os._exit(127)


def _set_streams(order):
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    for fd in order["pass"]:
        os.set_inheritable(fd, True)
    os.umask(0o077)


def _set_limits(order, layers):
    """Resource limits, never above the hard limits that are already there."""
    refused = []
    for name, wanted in order["limits"].items():
        kind = getattr(resource, "RLIMIT_" + name, None)
        if kind is None:
            continue
        hard = resource.getrlimit(kind)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError) as error:
            refused.append("%s: %s" % (name, error))
    layers["limits"] = (not refused, "; ".join(refused))


def _confine(order, layers, supervisor):
    if layers["user-namespace"][0] or os.geteuid() == 0:
        _try(layers, "capabilities", order, namespaces.drop_capabilities)
    else:
        layers["capabilities"] = (True, "there were none")
    _try(layers, "no-new-privileges", order, lambda: syscalls.prctl(syscalls.PR_SET_NO_NEW_PRIVS, 1))
    newest = 5 if "landlock-scopes" in order["without"] else 99
    abi = _try(layers, "landlock", order, lambda: landlock.restrict(order["rules"], newest))
    refused = dict(seccomp.ALWAYS)
    if not layers["mount-namespace"][0]:
        refused.update(seccomp.METADATA)
    if not abi or abi < 3:
        refused.update(seccomp.TRUNCATE)
    if not layers["ipc-namespace"][0]:
        refused.update(seccomp.SYSV_IPC)
    _close_signals(order, layers, abi)
    _try(layers, "seccomp", order, lambda: seccomp.refuse(refused, (os.getpid(), supervisor)))


def _close_signals(order, layers, abi):
    """Signals to other processes of the user: out of sight, out of the domain, or filtered in each job."""
    if layers["pid-namespace"][0] or (abi or 0) >= 6:
        layers["signals"] = (True, "")
        return
    layers["signals"] = ("seccomp" not in order["without"] and syscalls.SUPPORTED, "by a filter in each run")
    order["command"].append("own-signals")


def _try(layers, name, order, action):
    """Apply one layer; on, or off with the reason in words."""
    if name in order["without"]:
        layers[name] = (False, "left out on request")
        return None
    if not syscalls.SUPPORTED:
        layers[name] = (False, "not known for %s processors" % syscalls.MACHINE)
        return None
    try:
        result = action()
    except OSError as error:
        layers[name] = (False, _WORDS.get(error.errno, "the kernel refuses it: %s" % error.strerror))
        return None
    layers[name] = (True, "")
    return result


_WORDS = {
    38: "this kernel does not have it",
    95: "this kernel has it, but it was not enabled at boot",
}


# --- proof ---------------------------------------------------------------------------------------


def _prove(order, layers):
    """Try what must fail; a layer that lets it through is off, whatever it promised."""
    for name, attempt in (("landlock", _read_own_status), ("seccomp", _trace_somebody)):
        if layers[name][0] and attempt(order):
            layers[name] = (False, "it was applied, but did not hold")
    holes = [name for name, attempt in _WRITES.items() if attempt(order)]
    layers["writes-blocked"] = (not holes, "possible all the same: " + ", ".join(holes) if holes else "")
    open_ = _open_socket(order) and not layers["network-namespace"][0]
    layers["network-blocked"] = (not open_, "a socket could be opened" if open_ else "")


def _read_own_status(order):
    """/proc is never on the list, wherever the project is; only Landlock answers with EACCES."""
    try:
        os.close(os.open("/proc/self/stat", os.O_RDONLY))
    except OSError as error:
        return error.errno != 13
    return True


def _create_file(order):
    return _succeeds(lambda: os.close(os.open(order["canary"] + "/new", os.O_WRONLY | os.O_CREAT)))


def _append_to_file(order):
    return _succeeds(lambda: os.close(os.open(order["canary"] + "/private", os.O_WRONLY | os.O_APPEND)))


def _shorten_file(order):
    return _succeeds(lambda: os.truncate(order["canary"] + "/private", 0))


def _touch_file(order):
    return _succeeds(lambda: os.utime(order["canary"] + "/private"))


def _change_mode(order):
    return _succeeds(lambda: os.chmod(order["canary"] + "/private", 0o777))


def _remove_file(order):
    return _succeeds(lambda: os.unlink(order["canary"] + "/private"))


_WRITES = {
    "creating files": _create_file,
    "writing to files": _append_to_file,
    "shortening files": _shorten_file,
    "setting times": _touch_file,
    "changing modes": _change_mode,
    "removing files": _remove_file,
}


def _trace_somebody(order):
    try:
        syscalls.call("ptrace", 16, 0, 0, 0)
    except OSError as error:
        return error.errno != 1  # EPERM comes from the filter, ESRCH from the call itself
    return True


def _open_socket(order):
    return _succeeds(lambda: os.close(syscalls.call("socket", 2, 1, 0)))


def _succeeds(action):
    try:
        action()
    except OSError:
        return False
    return True


def _explain_absence(order, layers):
    if order["mode"] == "off":
        reason = "switched off"
    else:
        reason = "%s: only time and memory are limited" % sys.platform
    for name in ("landlock", "seccomp", "writes-blocked", "network-blocked"):
        layers[name] = (False, reason)


# --- start ---------------------------------------------------------------------------------------


def _start(order, layers, status):
    missing = [name for name in order["require"] if not layers.get(name, (False, ""))[0]]
    _report(status, layers)
    if missing:
        _report(status, {"refused": (False, ", ".join(missing))})
        os._exit(126)
    os.set_inheritable(status, False)
    os.chdir(order["folder"])
    os.execve(order["command"][0], order["command"], order["environment"])


def _report(status, layers):
    lines = ["%s\t%d\t%s\n" % (name, on, " ".join(reason.split())) for name, (on, reason) in layers.items()]
    os.write(status, "".join(lines).encode("utf-8", "backslashreplace"))
