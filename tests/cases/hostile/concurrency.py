"""Threads, tasks, and generators that are not finished."""


def threads_that_finish():
    """expect: returned [0, 1, 2, 3]"""
    import threading

    done = []
    threads = [threading.Thread(target=done.append, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(done)


def thread_that_never_ends():
    """expect: returned 'main is done'"""
    import threading
    import time

    threading.Thread(target=time.sleep, args=(1000,)).start()
    return "main is done"


def daemon_that_spins():
    """expect: returned or limit_reached events"""
    import threading

    def spin():
        while True:
            pass

    threading.Thread(target=spin, daemon=True).start()
    return 1


def thread_that_raises():
    """expect: returned 'still here'"""
    import threading

    def fall():
        raise ValueError("in a thread")

    thread = threading.Thread(target=fall)
    thread.start()
    thread.join()
    return "still here"


def many_threads():
    """expect: returned 50 or raised RuntimeError"""
    import threading

    count = [0]
    lock = threading.Lock()

    def add():
        with lock:
            count[0] += 1

    threads = [threading.Thread(target=add) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count[0]


def threads_that_change_one_list():
    """expect: returned 200"""
    import threading

    shared = []

    def fill():
        for i in range(50):
            shared.append(i)

    threads = [threading.Thread(target=fill) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(shared)


def deadlock():
    """expect: limit_reached time"""
    import threading

    a, b = threading.Lock(), threading.Lock()
    a.acquire()

    def other():
        with b:
            a.acquire()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()  # last


def thread_pool():
    """expect: returned [0, 1, 4, 9]"""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda n: n * n, range(4)))


def raw_thread_that_exits_the_process():
    """expect: exited 5"""
    import _thread
    import os
    import time

    _thread.start_new_thread(os._exit, (5,))
    time.sleep(1000)


def tasks():
    """expect: returned [0, 1, 4]"""
    import asyncio

    async def square(n):
        await asyncio.sleep(0)
        return n * n

    async def main():
        return await asyncio.gather(*[square(n) for n in range(3)])

    return asyncio.run(main())


def task_that_is_cancelled():
    """expect: returned 'cancelled'"""
    import asyncio

    async def sleeper():
        await asyncio.sleep(1000)

    async def main():
        task = asyncio.create_task(sleeper())
        await asyncio.sleep(0)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return "cancelled"

    return asyncio.run(main())


async def coroutine_function():
    """expect: returned 7"""
    import asyncio

    await asyncio.sleep(0)
    return 7


async def endless_task():
    """expect: limit_reached time or limit_reached events"""
    import asyncio

    while True:
        await asyncio.sleep(0)


def generator_closed_early():
    """expect: returned ['closed']"""
    told = []

    def count():
        try:
            while True:
                yield 1
        finally:
            told.append("closed")

    g = count()
    next(g)
    g.close()
    return told


def generator_that_refuses_to_close():
    """expect: raised RuntimeError"""

    def stubborn():
        while True:
            try:
                yield 1
            except GeneratorExit:
                pass

    g = stubborn()
    next(g)
    g.close()


def generator_that_is_abandoned():
    """expect: returned"""

    def count():
        try:
            yield 1
        finally:
            raise ValueError("while it was collected")

    g = count()
    next(g)
    del g
    return "on"


def generator_thrown_into():
    """expect: returned 'caught'"""

    def waits():
        try:
            yield 1
        except KeyError:
            yield "caught"

    g = waits()
    next(g)
    return g.throw(KeyError("x"))


def finally_that_raises():
    """expect: raised KeyError"""
    try:
        raise ValueError("first")
    finally:
        raise KeyError("second")


def finally_that_returns():
    """expect: returned 'swallowed'"""
    try:
        raise ValueError("lost")
    finally:
        return "swallowed"


def exception_group():
    """expect: raised ExceptionGroup or raised NameError"""
    raise ExceptionGroup("several", [ValueError("a"), KeyError("b")])
