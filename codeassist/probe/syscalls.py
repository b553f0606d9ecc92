"""The few Linux system calls that Python does not offer, through the C library."""

import ctypes
import os

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47

# Generic numbers (aarch64 and every newer architecture), and where x86_64 differs.
_GENERIC = {
    "capset": 91, "mount": 40, "prctl": 167, "ptrace": 117, "socket": 198, "umount2": 39, "unshare": 97,
}  # fmt: skip
_X86_64 = {
    "capset": 126, "mount": 165, "prctl": 157, "ptrace": 101, "socket": 41, "umount2": 166, "unshare": 272,
}  # fmt: skip
_SAME_EVERYWHERE = {
    "landlock_create_ruleset": 444,
    "landlock_add_rule": 445,
    "landlock_restrict_self": 446,
    "mount_setattr": 442,
}
MACHINE = os.uname().machine
SUPPORTED = MACHINE in ("x86_64", "aarch64")
NUMBERS = {**(_X86_64 if MACHINE == "x86_64" else _GENERIC), **_SAME_EVERYWHERE}


def call(name, *arguments):
    """The system call `name`; raises OSError with the kernel's reason."""
    result = _libc.syscall(ctypes.c_long(NUMBERS[name]), *[_word(item) for item in arguments])
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def _word(value):
    # a plain int would be passed as a C int and lose its upper half
    return ctypes.c_long(value) if isinstance(value, int) else value


def prctl(option, *arguments):
    """prctl(2) with up to four arguments."""
    return call("prctl", option, *arguments, *[0] * (4 - len(arguments)))
