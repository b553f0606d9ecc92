"""Takes the recorder out of the program's tracebacks.

Near the recursion limit a hook itself may not be callable: then its failure stands in the place of the
exception that it was to tell, and is put back here, by the first caller in which a hook works again.
"""

import os

_HERE = os.path.dirname(__file__) + os.sep
_traceback = BaseException.__dict__["__traceback__"].__get__
_context = BaseException.__dict__["__context__"].__get__
_args = BaseException.__dict__["args"]


def mend(error):
    """Make an exception look as it would without the recorder."""
    _restore(error)
    entry = _traceback(error)
    while entry is not None:
        following = entry.tb_next
        if following is not None and following.tb_frame.f_code.co_filename.startswith(_HERE):
            entry.tb_next = None
            return
        entry = following


def _restore(error):
    """Replace what failing hooks raised, level by level, by what the program had raised there."""
    chain = [error]
    while type(chain[-1]) is RecursionError:
        inner, entry = _context(chain[-1]), _traceback(chain[-1])
        below = entry.tb_next if entry is not None else None
        start = _traceback(inner) if type(inner) is RecursionError else None
        if below is None or start is None or below.tb_frame is not start.tb_frame:
            break
        chain.append(inner)
    for inner, outer in zip(chain[:0:-1], chain[-2::-1]):
        _traceback(outer).tb_next = _traceback(inner)
        _args.__set__(outer, _args.__get__(inner))
        outer.__context__ = _context(inner)
