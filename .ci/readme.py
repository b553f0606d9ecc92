"""Run the commands of the README that are marked `<!-- checked -->`, in a clean copy of the tree."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"<!-- checked -->\s*```console\n(.*?)```", re.S)


def main(work: str) -> None:
    copy = Path(work) / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(copy)], check=True)
    commands = [
        line[2:] for block in BLOCK.findall((ROOT / "README.md").read_text()) for line in block.splitlines()
        if line.startswith("$ ")
    ]  # fmt: skip
    assert commands, "the README has no checked command"
    for command in commands:
        print("$", command, flush=True)
        run(command, copy)


def run(command: str, folder: Path) -> None:
    """Run a command; tests that failed are tried once more, alone, since a busy machine can be late."""
    done = shell(command, folder)
    if done.returncode and "pytest" in command:
        print(f"{done.stdout[-8000:]}\nSOME TESTS FAILED; they are tried once more, alone", flush=True)
        done = shell(".venv/bin/pytest --last-failed", folder)
    if done.returncode:  # the end of the output says which test it was
        sys.exit(f"{done.stdout[-8000:]}\nended with status {done.returncode}: {command}")


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], cwd=folder, stdout=subprocess.PIPE, text=True)


main(sys.argv[1])
