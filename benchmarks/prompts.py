"""What a prompt costs: tokens for each explanation, the share that a server can keep, and lies that survive.

`python benchmarks/prompts.py [FILE ...]`; by default some of the examples. Tokens are estimated at four
characters each; the cacheable share is what a prompt has in common with the one before it.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FILES = ["binary_search.py", "merge_sort.py", "min_heap.py"]
SEEDS = 20


def prompts(paths: list[str]) -> list[str]:
    """The text of each prompt, as it would be sent."""
    from codeassist import pipeline
    from codeassist.pipeline.explaining import prompts as told

    with pipeline.session(paths[0], backend="offline", budget=2.0) as opened:
        return list(told(paths, opened, pipeline.ExplainOptions()))


def common(first: str, second: str) -> int:
    """Characters at the beginning that two texts share."""
    pairs = zip(first, second, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def surviving() -> tuple[int, int]:
    """Lies made from every phrasing of the book over true claims: how many pass, of how many."""
    from codeassist.verifying.phrasing import licensed
    from tests.support.phrases import FUNC, lies, sentences

    honest = {text for seed in range(60) for text, _ in sentences("en", seed)}
    told = {
        (lie, claim.kind): claim
        for seed in range(SEEDS)
        for text, claim in sentences("en", seed)
        for lie in lies(text, claim)
        if lie not in honest
    }
    return sum(licensed(lie, [c], FUNC) is not None for (lie, _), c in told.items()), len(told)


def main() -> None:
    """Print the table."""
    paths = sys.argv[1:] or [str(ROOT / "examples" / name) for name in FILES]
    texts = prompts(paths)
    sizes = sorted(len(text) // 4 for text in texts)
    shared = [common(a, b) / len(b) for a, b in pairwise(texts)]
    print(f"explanations                {len(texts)}")
    print(f"tokens each, median         {sizes[len(sizes) // 2]}")
    print(f"tokens each, most           {sizes[-1]}")
    if shared:
        print(f"cacheable share, mean       {sum(shared) / len(shared):.0%}")
    passed, told = surviving()
    print(f"planted lies that survive   {passed} of {told}")


if __name__ == "__main__":
    main()
