"""Endless loops, endless recursion, and work that never comes to a line."""

import itertools


def endless_loop():
    """expect: limit_reached events"""
    n = 0
    while True:
        n += 1


def endless_pass():
    """expect: limit_reached events"""
    while True:
        pass


def endless_for():
    """expect: limit_reached events"""
    for _ in itertools.count():
        pass


def endless_growth():
    """expect: limit_reached events or limit_reached memory or limit_reached time"""
    xs = [0]
    for x in xs:
        xs.append(x + 1)


def endless_recursion():
    """expect: raised RecursionError"""

    def down(n):
        return down(n + 1)

    return down(0)


def mutual_recursion():
    """expect: raised RecursionError"""

    def even(n):
        return odd(n + 1)

    def odd(n):
        return even(n + 1)

    return even(0)


def recursion_that_swallows():
    """expect: returned 'gave up' or limit_reached events or died SIGSEGV"""

    def down():
        try:
            down()
        except RecursionError:
            pass

    down()
    return "gave up"


def recursion_with_a_raised_limit():
    """expect: returned or raised RecursionError or died SIGSEGV or limit_reached"""
    import sys

    sys.setrecursionlimit(10**6)

    def down(n):
        return 0 if n == 0 else 1 + down(n - 1)

    return down(20_000)


def stuck_in_one_call():
    """expect: limit_reached time"""
    return sum(itertools.repeat(1))  # last


def stuck_in_a_comprehension():
    """expect: limit_reached time or limit_reached memory or limit_reached events"""
    return max(x for x in itertools.count())  # last


def stuck_in_a_power():
    """expect: limit_reached time or limit_reached memory"""
    return len(bin(7 ** (7**9)))  # last


def stuck_in_a_regular_expression():
    """expect: limit_reached time"""
    import re

    return re.match(r"(a+)+$", "a" * 40 + "b")  # last


def asleep():
    """expect: limit_reached time"""
    import time

    time.sleep(1000)  # last


def asleep_and_deaf():
    """expect: limit_reached time"""
    import signal
    import time

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1000)  # last


def catches_everything():
    """expect: limit_reached events or limit_reached time"""
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


def waits_for_a_lock():
    """expect: limit_reached time"""
    import threading

    lock = threading.Lock()
    lock.acquire()
    lock.acquire()  # last


def endless_generator():
    """expect: returned"""

    def count():
        n = 0
        while True:
            yield n
            n += 1

    return count()


def generator_that_sleeps():
    """expect: limit_reached time"""
    import time

    def naps():
        while True:
            yield 1
            time.sleep(1000)

    return naps()
