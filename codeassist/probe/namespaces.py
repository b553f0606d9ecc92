"""Linux namespaces: own processes, network, IPC and mounts; everything but the scratch folder read-only."""

import os
import struct

import syscalls

FLAGS = {"user": 0x10000000, "pid": 0x20000000, "network": 0x40000000, "ipc": 0x08000000, "mount": 0x00020000}
_RECURSIVE, _PRIVATE, _BIND = 0x4000, 1 << 18, 4096
_NOSUID, _NODEV, _NOEXEC = 2, 4, 8
_AT_RECURSIVE, _AT_FDCWD = 0x8000, -100
_ATTR_RDONLY, _ATTR_NOSUID = 1, 2


def enter(wanted):
    """Unshare the namespaces `wanted`, one by one; returns name -> "" or the kernel's reason.

    The user namespace comes first: it is what lets an ordinary user have the others. Without it
    they are tried all the same (a service may run as root where user namespaces are refused).
    """
    reasons = {}
    uid, gid = os.geteuid(), os.getegid()
    for name in [name for name in FLAGS if name in wanted]:
        try:
            if name == "user":
                _rehearse(uid, gid)
            syscalls.call("unshare", FLAGS[name])
            reasons[name] = ""
            if name == "user":
                _map_identity(uid, gid)
        except OSError as error:
            reasons[name] = "the kernel refuses it: %s" % error.strerror
    return reasons


def _rehearse(uid, gid):
    """Try the user namespace in a child: one that cannot be mapped would leave us as nobody.

    That is how AppArmor refuses it on Ubuntu 24.04: the namespace comes, without any power.
    """
    child = os.fork()
    if child == 0:
        status = 0
        try:
            syscalls.call("unshare", FLAGS["user"])
            _map_identity(uid, gid)
        except OSError as error:
            status = error.errno or 1
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        raise OSError(abs(status), os.strerror(abs(status)))


def _map_identity(uid, gid):
    """The user stays who they are; nobody else exists inside."""
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", "%d %d 1" % (uid, uid)),
        ("gid_map", "%d %d 1" % (gid, gid)),
    ):
        fd = os.open("/proc/self/" + name, os.O_WRONLY)
        os.write(fd, text.encode())
        os.close(fd)


def read_only(scratch, megabytes):
    """Every mount read-only, a bounded tmpfs on `scratch` and /dev/shm; needs the mount namespace."""
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    _set_attributes("/", _AT_RECURSIVE, _ATTR_RDONLY | _ATTR_NOSUID)
    for place, size in ((scratch, megabytes), ("/dev/shm", 64)):
        if os.path.isdir(place):
            options = "size=%dm,nr_inodes=65536,mode=0700" % size
            _mount("tmpfs", place, "tmpfs", _NOSUID | _NODEV, options)


def own_proc():
    """A /proc of the new process namespace; raises OSError where the container masks /proc."""
    _mount("proc", "/proc", "proc", _NOSUID | _NODEV | _NOEXEC)


def drop_capabilities():
    """Give up what the user namespace granted, for good."""
    last = 0
    try:
        while True:
            syscalls.prctl(syscalls.PR_CAPBSET_DROP, last)
            last += 1
    except OSError:  # one past the last capability, or not ours to drop
        pass
    syscalls.call("capset", struct.pack("=Ii", 0x20080522, 0), bytes(24))


def _set_attributes(path, flags, attributes):
    record = struct.pack("=QQQQ", attributes, 0, 0, 0)  # set, clear, propagation, user namespace
    syscalls.call("mount_setattr", _AT_FDCWD, path.encode(), flags, record, len(record))


def _mount(source, target, kind, flags, options=None):
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind)]
    syscalls.call("mount", *texts, flags, None if options is None else options.encode())
