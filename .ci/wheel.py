"""Build the wheel, install it in a clean environment, and try it far from the checkout."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str, cwd: str) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


def main(work: str) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", f"{work}/dist", str(ROOT), cwd=work)
    wheel = next(Path(work, "dist").glob("*.whl"))
    run(sys.executable, "-m", "venv", f"{work}/clean", cwd=work)
    run(f"{work}/clean/bin/pip", "install", "--quiet", str(wheel), cwd=work)
    tool = f"{work}/clean/bin/codeassist"
    Path(work, "swap.py").write_text("def swap(pair):\n    a, b = pair\n    return b, a\n")
    assert "Commands:" in run(tool, "--help", cwd=work)
    assert "(2, 1)" in run(tool, "explain", "swap.py", "--call", "swap((1, 2))", cwd=work)
    assert "swap" in run(tool, "explain", "swap.py", "--show-prompt", cwd=work), "the wheel lacks the prompts"
    print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.2f} MB, explains from a clean environment")


main(sys.argv[1])
