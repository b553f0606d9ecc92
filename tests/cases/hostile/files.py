"""Files and folders: what is outside the scratch folder stays as it was, and secrets stay unread."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def writes_beside_itself():
    """expect: raised OSError or raised PermissionError"""
    open(os.path.join(HERE, "made by a program.txt"), "w")


def rewrites_itself():
    """expect: raised OSError or raised PermissionError"""
    open(__file__, "w").write("x = 1\n")


def appends_to_itself():
    """expect: raised OSError or raised PermissionError"""
    open(__file__, "a").write("x = 1\n")


def removes_itself():
    """expect: raised OSError or raised PermissionError"""
    os.remove(__file__)


def renames_itself():
    """expect: raised OSError or raised PermissionError"""
    os.rename(__file__, __file__ + ".bak")


def changes_its_mode():
    """expect: raised OSError or raised PermissionError"""
    os.chmod(__file__, 0o777)


def changes_its_times():
    """expect: raised OSError or raised PermissionError"""
    os.utime(__file__, (0, 0))


def makes_a_folder():
    """expect: raised OSError or raised PermissionError"""
    os.mkdir(os.path.join(HERE, "made"))


def makes_a_symlink():
    """expect: raised OSError or raised PermissionError"""
    os.symlink("/etc/passwd", os.path.join(HERE, "link"))


def truncates_itself():
    """expect: raised OSError or raised PermissionError"""
    os.truncate(__file__, 0)


def writes_to_the_home_folder():
    """expect: raised OSError or raised PermissionError"""
    open(os.path.expanduser("~/.made-by-a-program"), "w")


def writes_to_tmp():
    """expect: raised OSError or raised PermissionError"""
    open("/tmp/made-by-a-program", "w")


def writes_a_temporary_file():
    """expect: returned 'kept'"""
    import tempfile

    with tempfile.NamedTemporaryFile("w+") as stream:
        stream.write("kept")
        stream.seek(0)
        return stream.read()


def fills_the_scratch_folder():
    """expect: raised OSError or limit_reached or raised PermissionError"""
    import tempfile

    with tempfile.NamedTemporaryFile("wb") as stream:
        while True:
            stream.write(b"x" * 10_000_000)


def makes_many_small_files():
    """expect: returned 500"""
    import tempfile

    folder = tempfile.mkdtemp()
    for i in range(500):
        open(os.path.join(folder, str(i)), "w").close()
    return len(os.listdir(folder))


def reads_keys():
    """expect: raised PermissionError or raised FileNotFoundError"""
    return open(os.path.expanduser("~/.ssh/id_rsa")).read()


def reads_the_shadow_file():
    """expect: raised PermissionError or raised FileNotFoundError"""
    return open("/etc/shadow").read()


def reads_the_environment():
    """expect: returned []"""
    return [name for name in os.environ if any(word in name.upper() for word in ("KEY", "TOKEN", "SECRET"))]


def changes_folder():
    """expect: returned"""
    os.chdir("/")
    return os.getcwd()


def deletes_its_working_folder():
    """expect: returned 'gone' or raised FileNotFoundError"""
    import tempfile

    folder = tempfile.mkdtemp()
    os.chdir(folder)
    os.rmdir(folder)
    try:
        os.getcwd()
    except FileNotFoundError:
        return "gone"


def changes_root():
    """expect: raised PermissionError"""
    os.chroot("/")


def opens_a_fifo():
    """expect: limit_reached time or raised PermissionError"""
    import tempfile

    path = os.path.join(tempfile.mkdtemp(), "fifo")
    os.mkfifo(path)
    open(path).read()


def reads_a_device():
    """expect: limit_reached"""
    stream = open("/dev/zero", "rb")
    total = 0
    while True:
        total += len(stream.read(1 << 20))


def opens_too_many_files():
    """expect: raised OSError"""
    kept = []
    while True:
        kept.append(open(__file__))


def opens_a_socket():
    """expect: raised PermissionError or raised OSError"""
    import socket

    socket.create_connection(("127.0.0.1", 1))


def resolves_a_name():
    """expect: raised"""
    import socket

    socket.getaddrinfo("example.org", 80)


def fetches_a_page():
    """expect: raised"""
    import urllib.request

    urllib.request.urlopen("http://127.0.0.1:1/", timeout=5)


def listens():
    """expect: raised PermissionError or raised OSError"""
    import socket

    socket.create_server(("", 0))


def opens_a_unix_socket():
    """expect: raised PermissionError"""
    import socket

    socket.socket(socket.AF_UNIX)


def uses_a_socket_pair():
    """expect: returned b'x'"""
    import socket

    a, b = socket.socketpair()
    a.send(b"x")
    return b.recv(1)


def uses_shared_memory():
    """expect: returned 64 or raised PermissionError or returned 4096"""
    from multiprocessing import shared_memory

    block = shared_memory.SharedMemory(create=True, size=64)
    size = block.size
    block.close()
    block.unlink()
    return size


def mounts():
    """expect: returned -1"""
    import ctypes

    return ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, 0)


def writes_byte_code():
    """expect: raised OSError or raised PermissionError"""
    import py_compile

    py_compile.compile(__file__, doraise=True)


def looks_at_the_scratch_folder():
    """expect: returned"""
    return os.listdir(os.environ["TMPDIR"])


def looks_for_other_traces():
    """expect: raised PermissionError or raised FileNotFoundError or returned []"""
    return os.listdir(os.path.join(os.path.dirname(os.environ["TMPDIR"]), "traces"))
