"""How well algorithms are recognised on other people's code whose names are all replaced.

    python benchmarks/recognition.py [algorithms|pygorithm]

Installs the packages into a temporary folder, renames every function, parameter and variable, drops the
docstrings, and compares what is recognised with what the files are known to hold. The signatures were
written with `algorithms` at hand; `pygorithm` was looked at only afterwards.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from codeassist import parsing
from codeassist.evidence import recognise
from codeassist.records.run import Budget
from codeassist.tracing import LocalRunner

KNOWN = {
    "algorithms": """
sorting/bubble_sort bubble sort; sorting/insertion_sort insertion sort; sorting/selection_sort selection sort
sorting/merge_sort merge sort; sorting/quick_sort quick sort; sorting/heap_sort heap sort; sorting/shell_sort shell sort
sorting/comb_sort comb sort; sorting/gnome_sort gnome sort; sorting/cocktail_shaker_sort cocktail shaker sort
sorting/counting_sort counting sort; sorting/radix_sort radix sort; sorting/cycle_sort cycle sort
sorting/pancake_sort pancake sort; sorting/stooge_sort stooge sort; sorting/exchange_sort exchange sort
sorting/bitonic_sort bitonic sort; sorting/pigeonhole_sort pigeonhole sort; sorting/bead_sort bead sort
searching/binary_search binary search; searching/linear_search linear search; searching/jump_search jump search
searching/interpolation_search interpolation search; searching/ternary_search ternary search
searching/exponential_search exponential search; searching/sentinel_search sentinel search
searching/search_rotate search in a rotated list; searching/two_sum two sum
math/gcd euclid's algorithm; math/prime_check trial division; math/primes_sieve_of_eratosthenes sieve of eratosthenes
math/euler_totient euler's totient; math/extended_gcd extended euclidean algorithm; math/factorial factorial
math/rabin_miller miller-rabin; math/chinese_remainder_theorem chinese remainder theorem
math/modular_exponential modular exponentiation; math/hailstone collatz sequence
dynamic_programming/edit_distance levenshtein distance; dynamic_programming/fib fibonacci
dynamic_programming/coin_change coin change; dynamic_programming/rod_cut rod cutting
dynamic_programming/longest_common_subsequence longest common subsequence
dynamic_programming/longest_increasing longest increasing subsequence; dynamic_programming/max_subarray maximum subarray
dynamic_programming/house_robber house robber; dynamic_programming/word_break word break
dynamic_programming/matrix_chain_order matrix chain order; dynamic_programming/egg_drop egg drop
dynamic_programming/climbing_stairs climbing stairs; dynamic_programming/buy_sell_stock buy and sell stock
graph/kahns_algorithm kahn's algorithm; graph/bellman_ford bellman-ford; graph/dijkstra_heapq dijkstra's algorithm
graph/all_pairs_shortest_path floyd-warshall; graph/traversal depth-first search; graph/count_islands_dfs number of islands
graph/check_bipartite bipartite check; graph/maximum_flow ford-fulkerson
string/knuth_morris_pratt knuth-morris-pratt; string/rabin_karp rabin-karp; string/manacher manacher's algorithm
string/z_algorithm z algorithm; string/caesar_cipher caesar cipher; string/roman_to_int roman to integer
string/int_to_roman integer to roman; string/is_palindrome palindrome; string/longest_common_prefix longest common prefix
bit_manipulation/count_ones population count; bit_manipulation/power_of_two power of two
bit_manipulation/single_number single number; bit_manipulation/add_bitwise_operator addition by bit operations
backtracking/permute permutations; backtracking/subsets power set; backtracking/generate_parenthesis generate parentheses
matrix/multiply matrix multiplication; matrix/spiral_traversal spiral traversal; compression/rle_compression run-length encoding
""",
    "pygorithm": """
sorting/bubble_sort bubble sort; sorting/insertion_sort insertion sort; sorting/selection_sort selection sort
sorting/merge_sort merge sort; sorting/quick_sort quick sort; sorting/heap_sort heap sort; sorting/shell_sort shell sort
sorting/counting_sort counting sort; sorting/bucket_sort bucket sort; searching/binary_search binary search
searching/linear_search linear search; searching/interpolation_search interpolation search
searching/exponential_search exponential search; searching/ternary_search ternary search
searching/breadth_first_search breadth-first search; searching/depth_first_search depth-first search
searching/quick_select quickselect; math/factorial factorial; math/sieve_of_eratosthenes sieve of eratosthenes
math/conversion decimal to binary; math/pascals_triangle pascal's triangle
fibonacci/recursion fibonacci; fibonacci/memoization fibonacci; dynamic_programming/binary_knapsack 0/1 knapsack
dynamic_programming/lis longest increasing subsequence; strings/manacher_algorithm manacher's algorithm
strings/palindrome palindrome; strings/pangram pangram
""",
}


class Renamer(ast.NodeTransformer):
    """Every name of the file another one; docstrings gone."""

    def __init__(self, tree: ast.Module) -> None:
        kept = {
            a.asname or a.name
            for n in ast.walk(tree)
            if isinstance(n, (ast.Import, ast.ImportFrom))
            for a in n.names
        }
        used = {n.arg for n in ast.walk(tree) if isinstance(n, ast.keyword)}
        names = [n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        names += [n.arg for n in ast.walk(tree) if isinstance(n, ast.arg) and n.arg not in ("self", "cls")]
        names += [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        wanted = [n for n in dict.fromkeys(names) if n not in kept | used and not n.startswith("__")]
        self.names = {name: f"q{i}" for i, name in enumerate(wanted)}

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self.names.get(node.arg, node.arg)
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self.names.get(name, name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names.get(node.name, node.name)
        if len(node.body) > 1 and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        return self.generic_visit(node)


def files(package: str, folder: Path) -> list[tuple[Path, str]]:
    """(file with other names, what it is known to hold)."""
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "-t", str(folder), package], check=True
    )
    found = []
    for entry in KNOWN[package].replace("\n", ";").split(";"):
        if entry.strip():
            place, name = entry.strip().split(" ", 1)
            path = folder / package / f"{place}.py"
            tree = ast.parse(path.read_text(encoding="utf-8"))
            path.write_text(ast.unparse(Renamer(tree).visit(tree)), encoding="utf-8")
            found.append((path, name))
    return found


def folded(text: str) -> str:
    """A name without case and hyphens."""
    return " ".join(text.lower().replace("-", " ").split())


def of_file(path: Path, wanted: str) -> tuple[str, list[str]]:
    """(verdict, names given) over the functions of a file: right, wrong or silent."""
    module = parsing.parse(parsing.read_source(str(path)))
    runner = LocalRunner(root=str(path.parent.parent.parent), python=sys.executable, trusted=True)
    given, right = [], False
    try:
        for function in module.functions:
            if function.kind == "function" and function.parent == "<module>":
                found = recognise(module, function, runner, Budget(60))
                given += [found.name] if found.name else []
                right |= any(folded(wanted) in folded(name) for name in (found.name, *found.aliases))
    finally:
        runner.close()
    return ("right" if right else "other" if given else "silent"), given


def main(packages: list[str]) -> None:
    """Print a row for each file that was not named as known, and the shares."""
    for package in packages:
        with tempfile.TemporaryDirectory() as name:
            start, rows = time.monotonic(), []
            for path, wanted in files(package, Path(name)):
                verdict, given = of_file(path, wanted)
                rows.append(verdict)
                if verdict != "right":
                    print(
                        f"  {verdict:6}  {path.parent.name}/{path.stem}: wanted {wanted}, given {given}",
                        flush=True,
                    )
            named = len(rows) - rows.count("silent")
            print(f"{package}: {len(rows)} files, right {rows.count('right')}, silent {rows.count('silent')}, "
                  f"right where named {rows.count('right')}/{named}, {(time.monotonic() - start) / len(rows):.1f} s a file")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:] or list(KNOWN))
