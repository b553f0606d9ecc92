"""The launcher: confines itself layer by layer, proves it, and only then becomes the user's interpreter.

Started as `python -I -S confine.py` with a marshalled dict on standard input, which then stays
open: when it closes (its owner is gone) everything started here ends. Standard output gets one
line per layer, `name<TAB>1 or 0<TAB>reason`, and end of file once the interpreter runs.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

if __name__ == "__main__":
    import launcher

    launcher.main()
