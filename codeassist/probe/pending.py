"""Has a function run by the program's main thread, between two of its own instructions."""


def asker(function):
    """A callable that asks for one call of `function` in the main thread; None where that cannot be had.

    The interpreter keeps a short queue of such calls for its embedders (`Py_AddPendingCall`).
    """
    try:
        import ctypes

        add = ctypes.pythonapi.Py_AddPendingCall
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)
    except (ImportError, AttributeError, OSError, MemoryError):
        return None
    waiting = []

    def run(_):
        function()
        waiting.clear()
        return 0

    called = kind(run)

    def ask():
        if not waiting:
            waiting.append(called)
            add(called, None)

    return ask
