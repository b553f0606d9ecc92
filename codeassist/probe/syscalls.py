"""The few Linux system calls that Python does not offer, through the C library.

The extension module behind ctypes is used as it is: importing the package around it would cost a
third of the time that a confined start takes.
"""

import _ctypes
import os


class _Long(_ctypes._SimpleCData):
    _type_ = "l"


class _Byte(_ctypes._SimpleCData):
    _type_ = "c"


class _Function(_ctypes.CFuncPtr):
    _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_USE_ERRNO
    _restype_ = _Long


_syscall = _Function(_ctypes.dlsym(_ctypes.dlopen(None, 0), "syscall"))

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
    """The system call `name` with ints, bytes (passed as a pointer) or None; raises OSError."""
    result = _syscall(_Long(NUMBERS[name]), *[_word(item) for item in arguments])
    if result < 0:
        number = _ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result


def _word(value):
    # a plain int would be passed as a C int and lose its upper half
    return _Long(value) if isinstance(value, int) else value


def buffer(data):
    """(address, owner) of a copy of `data` that lives as long as its owner."""
    owner = (_Byte * len(data)).from_buffer(bytearray(data))
    return _ctypes.addressof(owner), owner


def prctl(option, *arguments):
    """prctl(2) with up to four arguments."""
    return call("prctl", option, *arguments, *[0] * (4 - len(arguments)))
