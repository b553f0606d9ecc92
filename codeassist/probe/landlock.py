"""Landlock: which files a process and its children may still touch (Linux 5.13 and newer)."""

import os
import struct

import syscalls

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
READ = _EXECUTE | _READ_FILE | _READ_DIR
_OF_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
LIST = _READ_DIR
# file-system rights known to each ABI, then TCP (4), device ioctl (5), scopes (6)
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_TCP = 3
_SCOPES = 3
"""abstract unix sockets and signals to processes outside"""


def version():
    """The ABI version of the running kernel; raises OSError where Landlock is absent or disabled."""
    return syscalls.call("landlock_create_ruleset", 0, 0, 1)


def restrict(rules, newest=99):
    """Allow only `rules`, pairs of (path, "read" | "list" | "write"); returns the ABI version used.

    `newest` caps that version, so that older kernels can be tried out. A path that does not exist is
    left out: nothing can be allowed there.
    """
    abi = min(version(), newest)
    rights = _RIGHTS[min(abi, 5)]
    attributes = struct.pack("=QQQ", rights, _TCP if abi >= 4 else 0, _SCOPES if abi >= 6 else 0)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = syscalls.call("landlock_create_ruleset", attributes, size, 0)
    granted = {"read": READ & rights, "list": LIST, "write": rights & ~_IOCTL_DEV}
    for path, access in rules:
        _allow(ruleset, path, granted[access])
    syscalls.call("landlock_restrict_self", ruleset, 0)
    os.close(ruleset)
    return abi


def _allow(ruleset, path, access):
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir("/proc/self/fd/%d" % fd):
            access &= _OF_FILES
        if access:
            syscalls.call("landlock_add_rule", ruleset, 1, struct.pack("=Qi", access, fd), 0)
    finally:
        os.close(fd)
