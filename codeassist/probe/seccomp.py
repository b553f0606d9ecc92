"""seccomp: system calls that no explained program needs are refused by the kernel."""

import errno
import struct

import syscalls

# name: (x86_64, aarch64); None where the architecture has no such call
ALWAYS = {
    "socket": (41, 198), "ptrace": (101, 117), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "syslog": (103, 116),
    "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "nfsservctl": (180, 42),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "pidfd_open": (434, 434), "pidfd_send_signal": (424, 424),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "personality": (135, 92),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "move_pages": (279, 239),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "uselib": (134, None),
    "mknod": (133, None), "mknodat": (259, 33),
}  # fmt: skip
METADATA = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88), "futimesat": (261, None),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14),
    "lremovexattr": (198, 15), "fremovexattr": (199, 16), "setxattrat": (463, 463),
    "removexattrat": (466, 466),
}  # fmt: skip
"""changes to files that Landlock does not see: refused where the mounts are not read-only"""
TRUNCATE = {"truncate": (76, 45)}
"""Landlock learnt of it with ABI 3"""
SYSV_IPC = {
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
}  # fmt: skip
"""refused where there is no IPC namespace"""
_SIGNALS = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
_CLONE, _CLONE3, _IOCTL, _PRLIMIT = (56, 220), (435, 435), (16, 29), (302, 261)
_NEW_NAMESPACE = 0x7E020080  # every CLONE_NEW* flag
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

_LOAD, _JEQ, _JGE, _JSET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def refuse(names, protected):
    """Install the filter: `names` are refused, and so are signals to the processes `protected`."""
    _install(assemble(names, protected, syscalls.MACHINE))


def refuse_foreign_signals(own):
    """Install a filter that lets signals go to the process `own` and its group only."""
    column = 0 if syscalls.MACHINE == "x86_64" else 1
    allowed = [_op(_JEQ, pid & 0xFFFFFFFF, 0, 1) + _op(_RETURN, _ALLOW) for pid in (own, -own, 0)]
    body = [_op(_LOAD, 0)]
    for entry in _SIGNALS.values():
        body += _when(entry[column], 0, [*allowed, _fail(errno.EPERM)])
    _install(b"".join([*body, _op(_RETURN, _ALLOW)]))


def _install(program):
    address, owner = syscalls.buffer(program)
    syscalls.prctl(22, 2, struct.pack("@HP", len(program) // 8, address))  # PR_SET_SECCOMP, by filter
    del owner


def assemble(names, protected, machine):
    """The BPF program as bytes."""
    column = 0 if machine == "x86_64" else 1
    numbers = sorted(entry[column] for entry in names.values() if entry[column] is not None)
    body = [_op(_LOAD, 4), *_unless_equal(_AUDIT_ARCH[machine], errno.ENOSYS), _op(_LOAD, 0)]
    if machine == "x86_64":  # the x32 numbers would walk around the list
        body += [_op(_JGE, 0x40000000, 0, 1), _fail(errno.ENOSYS)]
    for number in numbers:
        body += [_op(_JEQ, number, 0, 1), _fail(errno.EPERM)]
    body += _arguments(column, protected)
    return b"".join([*body, _op(_RETURN, _ALLOW)])


def _arguments(column, protected):
    """Calls that are refused for some of their arguments only."""
    body = [_op(_JEQ, _CLONE3[column], 0, 1), _fail(errno.ENOSYS)]  # the C library falls back to clone
    body += _when(_CLONE[column], 0, [_op(_JSET, _NEW_NAMESPACE, 0, 1), _fail(errno.EPERM)])
    terminal = [_op(_JEQ, code, 0, 1) + _fail(errno.EPERM) for code in (_TIOCSTI, _TIOCLINUX)]
    body += _when(_IOCTL[column], 1, terminal)
    body += _when(_PRLIMIT[column], 0, [_op(_JEQ, 0, 1, 0), _fail(errno.EPERM)])
    targets = {-1, *protected, *(-pid for pid in protected)}
    victims = [_op(_JEQ, pid & 0xFFFFFFFF, 0, 1) + _fail(errno.EPERM) for pid in sorted(targets)]
    for entry in _SIGNALS.values():
        body += _when(entry[column], 0, victims)
    return body


def _when(number, argument, checks):
    """Run `checks` on the low half of one argument of call `number`, then look at the number again."""
    checks = b"".join(checks)
    body = [_op(_LOAD, 16 + 8 * argument), checks, _op(_LOAD, 0)]
    return [_op(_JEQ, number, 0, len(checks) // 8 + 2), *body]


def _unless_equal(value, error):
    return [_op(_JEQ, value, 1, 0), _fail(error)]


def _fail(error):
    return _op(_RETURN, _ERRNO | error)


def _op(code, operand, if_true=0, if_false=0):
    return struct.pack("=HBBI", code, if_true, if_false, operand)
