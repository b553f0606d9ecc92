"""Programs that trace, profile, monitor or inspect themselves."""

import sys


def sets_a_trace_function():
    """expect: returned"""
    seen = []

    def tracer(frame, event, argument):
        seen.append(event)
        return tracer

    def work():
        a = 1
        return a + 1

    sys.settrace(tracer)
    work()
    sys.settrace(None)
    return "call" in seen


def trace_function_that_raises():
    """expect: raised RuntimeError"""

    def tracer(frame, event, argument):
        raise RuntimeError("in the tracer")

    def work():
        return 1

    sys.settrace(tracer)
    return work()


def sets_a_profile_function():
    """expect: returned"""
    seen = []
    sys.setprofile(lambda frame, event, argument: seen.append(event))
    len([])
    sys.setprofile(None)
    return len(seen) > 0


def uses_sys_monitoring():
    """expect: returned or raised AttributeError"""
    tool = sys.monitoring.PROFILER_ID
    sys.monitoring.use_tool_id(tool, "hostile")
    sys.monitoring.set_events(tool, sys.monitoring.events.PY_START)
    sys.monitoring.free_tool_id(tool)
    return "monitored"


def takes_every_monitoring_tool():
    """expect: returned or raised AttributeError"""
    for number in range(6):
        if sys.monitoring.get_tool(number) is None:
            sys.monitoring.use_tool_id(number, "taken")
    return "all"


def traces_with_pdb():
    """expect: raised BdbQuit or returned or raised EOFError"""
    import pdb

    debugger = pdb.Pdb(nosigint=True)
    debugger.set_trace()
    x = 1
    return x


def breakpoint_without_a_terminal():
    """expect: raised BdbQuit or returned or raised EOFError"""
    breakpoint()
    return 1


def reads_its_own_frame():
    """expect: returned ['a', 'b', 'frame']"""
    a, b = 1, 2
    frame = sys._getframe()
    return sorted(frame.f_locals)


def reads_its_locals():
    """expect: returned ['a', 'b']"""
    a, b = 1, 2
    return sorted(locals())


def reads_its_source():
    """expect: returned 'def reads_its_source():'"""
    import inspect

    return inspect.getsource(reads_its_source).split("\n")[0]


def reads_the_stack():
    """expect: returned 'reads_the_stack'"""
    import inspect

    return inspect.stack()[0].function


def reads_its_traceback():
    """expect: returned"""
    import traceback

    try:
        1 / 0
    except ZeroDivisionError:
        text = traceback.format_exc()
    return "1 / 0" in text and "codeassist" not in text


def walks_all_objects():
    """expect: returned"""
    import gc

    return len(gc.get_objects()) > 0


def collects_and_disables_gc():
    """expect: returned"""
    import gc

    gc.disable()
    gc.collect()
    gc.set_threshold(1)
    gc.enable()
    return [i for i in range(10)]


def audit_hook_that_raises():
    """expect: raised or returned"""

    def hook(event, arguments):
        if event == "open":
            raise RuntimeError("audited")

    sys.addaudithook(hook)
    return "hooked"


def measures_memory():
    """expect: returned"""
    import tracemalloc

    tracemalloc.start()
    xs = [0] * 1000
    return tracemalloc.get_traced_memory()[0] > 0 and len(xs)


def faulthandler_dump():
    """expect: returned"""
    import faulthandler

    faulthandler.enable()
    faulthandler.dump_traceback_later(100)
    return 1


def removes_the_recorder_from_sys_modules():
    """expect: returned"""
    for name in [name for name in sys.modules if "codeassist" in name or "probe" in name]:
        del sys.modules[name]
    x = [1]
    x.append(2)
    return x


def finds_the_hooks_and_breaks_them():
    """expect: returned or raised or died or limit_reached or exited"""
    for name, module in list(sys.modules.items()):
        if "codeassist" in name:
            for key in list(vars(module)):
                if not key.startswith("__"):
                    setattr(module, key, None)
    x = [1]
    x.append(2)
    return x


def clears_meta_path():
    """expect: returned"""
    sys.meta_path.clear()
    return 1
