"""Children, daemons and fork bombs."""

import os
import sys


def forks_and_leaves_it():
    """expect: returned 'parent'"""
    import time

    if os.fork() == 0:
        time.sleep(1000)
    return "parent"


def both_sides_return():
    """expect: returned"""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return "parent"
    return "child"


def child_that_raises():
    """expect: returned 'parent'"""
    pid = os.fork()
    if pid == 0:
        raise ValueError("in the child")
    os.waitpid(pid, 0)
    return "parent"


def detaches_a_daemon():
    """expect: returned 'gone'"""
    import time

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for fd in range(3):
                os.close(fd)
            time.sleep(1000)
        os._exit(0)
    return "gone"


def daemon_that_ignores_signals():
    """expect: returned 'gone'"""
    import signal
    import time

    if os.fork() == 0:
        os.setsid()
        for number in range(1, 30):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        time.sleep(1000)
    return "gone"


def fork_bomb():
    """expect: raised BlockingIOError or raised OSError or limit_reached or returned"""
    for _ in range(12):
        os.fork()
    return 1


def endless_fork_bomb():
    """expect: limit_reached or raised BlockingIOError or raised OSError or died"""
    while True:
        os.fork()


def zombies():
    """expect: returned 50"""
    count = 0
    for _ in range(50):
        if os.fork() == 0:
            os._exit(0)
        count += 1
    return count


def runs_a_program():
    """expect: returned 'hello'"""
    import subprocess

    return subprocess.run([sys.executable, "-c", "print('hello')"], capture_output=True, text=True).stdout.strip()


def runs_a_shell():
    """expect: returned 'a b'"""
    import subprocess

    return subprocess.check_output("echo a b", shell=True, text=True).strip()


def program_that_prints_past_sys_stdout():
    """expect: returned 0"""
    return os.system("echo from the shell")


def program_left_running():
    """expect: returned"""
    import subprocess

    subprocess.Popen(["sleep", "1000"])
    return 1


def multiprocessing_pool():
    """expect: returned [0, 1, 4, 9]"""
    import multiprocessing

    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(_square, range(4))


def _square(n):
    return n * n


def multiprocessing_queue():
    """expect: returned 5"""
    import multiprocessing

    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=queue.put, args=(5,))
    process.start()
    value = queue.get(timeout=5)
    process.join()
    return value


def process_that_is_never_joined():
    """expect: returned 1"""
    import multiprocessing
    import time

    multiprocessing.get_context("fork").Process(target=time.sleep, args=(1000,)).start()
    return 1


def kills_its_parent():
    """expect: raised PermissionError"""
    os.kill(os.getppid(), 9)


def kills_everybody():
    """expect: raised PermissionError"""
    os.kill(-1, 9)


def kills_init():
    """expect: raised PermissionError or raised ProcessLookupError"""
    os.kill(1, 9)


def stops_its_parent():
    """expect: raised PermissionError"""
    import signal

    os.kill(os.getppid(), signal.SIGSTOP)


def attaches_to_its_parent():
    """expect: returned -1"""
    import ctypes

    return ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)


def reads_the_memory_of_its_parent():
    """expect: raised PermissionError or raised FileNotFoundError"""
    open("/proc/%d/mem" % os.getppid(), "rb").read(1)


def reads_the_environment_of_its_parent():
    """expect: raised PermissionError or raised FileNotFoundError"""
    open("/proc/%d/environ" % os.getppid(), "rb").read(1)


def lists_processes():
    """expect: raised PermissionError or raised FileNotFoundError"""
    return [name for name in os.listdir("/proc") if name.isdigit()]


def lowers_its_parents_limits():
    """expect: raised PermissionError or raised AttributeError"""
    import resource

    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (3, 3))


def raises_its_own_limits():
    """expect: raised ValueError or raised PermissionError"""
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))


def enters_a_namespace():
    """expect: returned -1"""
    import ctypes

    return ctypes.CDLL(None).unshare(0x10000000)


def becomes_root():
    """expect: raised PermissionError or raised OSError"""
    os.setuid(0 if os.getuid() else 1)
    return "nothing gained"
