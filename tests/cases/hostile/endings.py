"""Ways in which a process ends other than by returning."""

import os
import signal
import sys


def exits():
    """expect: exited 0"""
    sys.exit()


def exits_with_a_status():
    """expect: exited 3"""
    sys.exit(3)


def exits_with_words():
    """expect: exited 1"""
    sys.exit("something went wrong")


def exits_at_once():
    """expect: exited 9"""
    os._exit(9)  # last


def exits_at_once_with_zero():
    """expect: exited 0"""
    os._exit(0)  # last


def exits_within_except():
    """expect: exited 2"""
    try:
        1 / 0
    except ZeroDivisionError:
        sys.exit(2)


def quits():
    """expect: exited 0 or exited 1"""
    quit()


def raises_keyboard_interrupt():
    """expect: raised KeyboardInterrupt"""
    raise KeyboardInterrupt


def interrupts_itself():
    """expect: raised KeyboardInterrupt"""
    os.kill(os.getpid(), signal.SIGINT)
    for _ in range(1000):
        pass


def kills_itself():
    """expect: died SIGKILL"""
    x = 1
    os.kill(os.getpid(), signal.SIGKILL)  # last


def terminates_itself():
    """expect: died SIGTERM"""
    os.kill(os.getpid(), signal.SIGTERM)  # last


def hangs_up():
    """expect: died SIGHUP"""
    os.kill(os.getpid(), signal.SIGHUP)  # last


def aborts():
    """expect: died SIGABRT"""
    os.abort()  # last


def segfaults():
    """expect: died SIGSEGV"""
    import ctypes

    ctypes.string_at(0)  # last


def divides_by_zero_in_c():
    """expect: died SIGFPE"""
    os.kill(os.getpid(), signal.SIGFPE)  # last


def stops_itself():
    """expect: limit_reached time"""
    os.kill(os.getpid(), signal.SIGSTOP)  # last


def kills_its_group():
    """expect: died SIGKILL"""
    os.killpg(0, signal.SIGKILL)  # last


def alarm():
    """expect: died SIGALRM"""
    import time

    signal.setitimer(signal.ITIMER_REAL, 0.05)
    time.sleep(1000)  # last


def exit_handler_that_hangs():
    """expect: returned 1"""
    import atexit
    import time

    atexit.register(time.sleep, 1000)
    return 1


def exit_handler_that_raises():
    """expect: returned 1"""
    import atexit

    def fall():
        raise ValueError("at exit")

    atexit.register(fall)
    return 1


def raises_a_base_exception():
    """expect: raised Odd"""

    class Odd(BaseException):
        pass

    raise Odd("x")


def raises_a_system_exit_of_its_own():
    """expect: exited 4"""

    class Mine(SystemExit):
        pass

    raise Mine(4)


def raises_memory_error():
    """expect: limit_reached memory or raised MemoryError"""
    raise MemoryError("pretended")


def exhausts_the_c_stack():
    """expect: raised RecursionError or died SIGSEGV or limit_reached or returned"""
    xs = []
    for _ in range(200_000):
        xs = [xs]
    return repr(xs)[:1]


def replaces_excepthook():
    """expect: raised ValueError"""
    sys.excepthook = lambda *_: os._exit(77)
    raise ValueError("x")


def executes_another_program():
    """expect: exited 0 or died or raised"""
    os.execv("/bin/true", ["true"])


def closes_every_descriptor():
    """expect: died or exited or returned or limit_reached or raised"""
    os.closerange(0, 1000)
    x = 1
    return x


def closes_the_trace_and_goes_on():
    """expect: died or exited or limit_reached or returned or raised"""
    os.closerange(3, 1000)
    n = 0
    while n < 1000:
        n += 1
    return n


def writes_junk_into_every_descriptor():
    """expect: returned or raised or died or exited or limit_reached"""
    for fd in range(3, 40):
        try:
            os.write(fd, b"\x00junk{]\n" * 10)
        except OSError:
            pass
    return 1


def truncates_every_descriptor():
    """expect: returned or raised or died or exited or limit_reached"""
    for fd in range(3, 40):
        try:
            os.ftruncate(fd, 0)
        except OSError:
            pass
    return 1
