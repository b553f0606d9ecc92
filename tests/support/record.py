"""Records a program without the sandbox: python record.py PROBE LOG FILE [CALL] [DETAIL]."""

import importlib.util
import os
import sys
import traceback


def main():
    probe, log, path, call = sys.argv[1:5]
    detail = sys.argv[5] if len(sys.argv) > 5 else "full"
    spec = importlib.util.spec_from_file_location("codeassist_recorder", os.path.join(probe, "recorder.py"))
    recorder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recorder)
    recorder.install([os.path.dirname(os.path.abspath(path))], {}, detail)
    fd = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    sys.argv[:] = [path]
    if call:
        space = recorder.load(path, "prog").__dict__
    recorder.begin(fd, 0)
    try:
        if call:
            outcome = {"kind": "returned", "result": recorder.encode(eval(call, space))}
        else:
            recorder.load(path, "__main__")
            outcome = {"kind": "returned"}
    except BaseException as error:
        show(error, path)
        outcome = {"kind": "raised", "exception": {"cls": type(error).__name__, "message": ""}}
    recorder.finish(outcome)


def show(error, path):
    """The traceback as the program alone would have printed it."""
    entry = error.__traceback__
    while entry is not None and entry.tb_frame.f_code.co_filename != os.path.realpath(path):
        entry = entry.tb_next
    traceback.print_exception(type(error), error, entry)


if __name__ == "__main__":
    main()
