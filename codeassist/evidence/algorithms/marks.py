"""Marks by which code is told apart: patterns (see patterns.py), or small functions over the code. Data.

A mark that has a text in the message catalogue (`recognition.mark.NAME`) is told as a reason.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from codeassist.evidence.algorithms.code import Code
from codeassist.evidence.algorithms.patterns import Pool

Mark = Callable[[Code], bool] | Sequence[str]


# --- swaps and shifts --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Swap:
    """An exchange of two items of one container; `apart` is the distance of the indexes if constant."""

    first: str
    second: str
    apart: int | None


def swaps(code: Code) -> Iterator[Swap]:
    """Every exchange of two items."""
    for found in code.pool.find("A[I], A[J] = A[J], A[I]"):
        first, second = found["I"], found["J"]
        yield Swap(first, second, _apart(first, second))


def _apart(first: str, second: str) -> int | None:
    (one, a), (other, b) = _offset(first), _offset(second)
    return abs(a - b) if one == other and one else None


def _offset(text: str) -> tuple[str, int]:
    node = ast.parse(text, mode="eval").body
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        try:
            number = ast.literal_eval(node.right)
        except ValueError:
            return text, 0
        return (ast.unparse(node.left), number) if type(number) is int else (text, 0)
    return text, 0


def _adjacent(code: Code) -> bool:
    return any(swap.apart == 1 for swap in swaps(code))


def _distant(code: Code) -> bool:
    """A swap at a distance that is a variable: xs[i], xs[i + gap]."""
    for swap in swaps(code):
        for one, other in ((swap.first, swap.second), (swap.second, swap.first)):
            node = ast.parse(one, mode="eval").body
            if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)):
                if ast.unparse(node.left) == other and not isinstance(node.right, ast.Constant):
                    return True
                if isinstance(node.op, ast.Add) and ast.unparse(node.right) == other:
                    return not isinstance(node.left, ast.Constant)
    return False


def _swap(code: Code) -> bool:
    return any(swap.apart != 0 for swap in swaps(code))


def _adjacent_in(code: Code, least: int) -> bool:
    """Whether adjacent items are exchanged inside at least so many innermost loops of one outer loop."""
    for outer in code.loops:
        inner = [n for n in ast.walk(outer) if n is not outer and isinstance(n, (ast.For, ast.While))]
        with_swap = [n for n in inner if any(s.apart == 1 for s in swaps(Code((n,))))]
        if len(with_swap) >= least:
            return True
    return False


# --- counts of things --------------------------------------------------------------------------------


def _recursive(least: int) -> Callable[[Code], bool]:
    return lambda code: len(code.recursive) >= least


def _nested(least: int) -> Callable[[Code], bool]:
    return lambda code: code.depth >= least


def _loops(least: int) -> Callable[[Code], bool]:
    return lambda code: len(code.loops) >= least


def _calls(*names: str) -> Sequence[str]:
    return [f"{name}(...)" for name in names]


_LOOKED_UP = (
    "K in D; D[K]", "K not in D; D[K]", "D.get(...); D[K] = _", "D[K] != _", "D[K] is not None", "D[K] is None",
    "D[K] == _", "_ < D[K]", "_ <= D[K]", "D[I][J] != _", "D[I][J] is not None", "D[I][J] is None",
    "D[I][J] == _", "_ < D[I][J]", "_ <= D[I][J]",
)  # fmt: skip


def _memo(code: Code) -> bool:
    """Answers are kept: a cache decorator, or a recursive function that looks up what it also stores."""
    decorators = [d for t in code.trees for n in ast.walk(t) for d in getattr(n, "decorator_list", ())]
    if any("cache" in ast.unparse(d) or "memo" in ast.unparse(d) for d in decorators):
        return True
    stores = code.pool.has("D[K] = _")
    return bool(code.recursive) and stores and any(code.pool.has(pattern) for pattern in _LOOKED_UP)


def _shift(code: Code) -> bool:
    return any(code.pool.has(p) for p in ("A[J + 1] = A[J]", "A[J] = A[J + -1]"))


def _far_shift(code: Code) -> bool:
    return any(code.pool.has(p) for p in ("A[J] = A[J - G]", "A[J + G] = A[J]"))


def _steps_back(code: Code) -> bool:
    """An inner `while` that walks downwards as long as neighbours are out of order."""
    for outer in code.loops:
        for inner in ast.walk(outer):
            if inner is outer or not isinstance(inner, (ast.While, ast.For)):
                continue
            pool = Pool([inner])
            down = pool.has("J = J + -1") or pool.has("range(_, _, -1)")
            stops = isinstance(inner, ast.While) or ast.Break in pool.nodes
            if down and stops and any(s.apart == 1 for s in swaps(Code((inner,)))):
                return True
    return False


MARKS: Mapping[str, Mark] = {
    # shape
    "recursion": _recursive(1),
    "two recursions": _recursive(2),
    "three recursions": _recursive(3),
    "recursion in a loop": lambda code: code.recurs_in_loop(),
    "memo": _memo,
    "loop": _nested(1),
    "nested loops": _nested(2),
    "three nested loops": _nested(3),
    "two loops": _loops(2),
    "one loop": lambda code: len(code.loops) == 1 and code.depth == 1,
    "steps back while out of order": _steps_back,
    "fibonacci step": ("a = b; b = c; c = a + b", "a, b = b, a + b", "a = b; b = c; c = a - b"),
    "while loop": lambda code: ast.While in code.pool.nodes,
    # swaps and shifts
    "swap": _swap,
    "adjacent swap": _adjacent,
    "adjacent swap in an inner loop": lambda code: _adjacent_in(code, 1),
    "two passes of adjacent swaps": lambda code: _adjacent_in(code, 2),
    "distant swap": _distant,
    "shift": lambda code: _shift(code) and not _adjacent(code),
    "distant shift": lambda code: _far_shift(code) and not _distant(code),
    "gap shrinks": ("G = G // _", "G = int(G / _)", "G = int(G * _)", "G = G * _ // _", "G = floor(G / _)",
                    "G = max(1, G // _)", "G = math.floor(G * _)", "G = (G - 1) // _", "G = (G + -1) // _",
                    "G = max(1, int(G / _))", "G = int(_ * G // _)", "G = int(G // _)", "G = H(G)"),
    "insertion into place": ("bisect.insort(...)", "bisect.insort_left(...)", "bisect.insort_right(...)"),
    "insert at place": ("A.insert(J, _)",),
    # smallest and largest
    "index of the extreme": ("A[J] < A[m]; m = J", "A[m] < A[J]; m = J", "A[J] <= A[m]; m = J",
                             "A[m] <= A[J]; m = J",
                             "min(range(...), key=_)", "A[J] < x; x = A[J]; m = J", "x < A[J]; x = A[J]; m = J",
                             "A.index(min(...))", "A.index(max(...))", "x < y; y = x; m = j"),
    "takes the smallest out": ("M = min(A); A.remove(M)", "A.remove(min(A))", "A.pop(A.index(min(A)))",
                               "M = max(A); A.remove(M)"),
    # halving
    "midpoint": ("(L + H) // 2", "L + (H - L) // 2", "H - (H - L) // 2", "(L + H + 1) // 2",
                 "(L + H + -1) // 2"),
    "half of the length": ("len(A) // 2",),
    "bounds close in": ("L = M + 1; A[M]; H = M + -1", "L = M + 1; A[M]; H = M", "L = M; A[M]; H = M + -1",
                        "L = M; A[M]; H = M", "F(_, M + 1, H); A[M]", "F(A, _, M + 1, _); A[M]",
                        "F(A, M + 1, _, _); A[M]", "F(A[M + 1:], _)", "F(A[:M], _)", "F(A, _, L, M + -1); A[M]",
                        "L = M + 1; H = M", "L = M + 1; H = M + -1", "H - L // 2", "A[M + 1:]; A[M]",
                        "F(_, _, M + 1, H); A[M]", "F(M + 1, H); A[M]"),
    "merge heads": ("A[I] < B[J]; I = I + 1; J = J + 1", "A[I] <= B[J]; I = I + 1; J = J + 1",
                    "A[0] < B[0]", "A[0] <= B[0]", "heapq.merge(...)", "A[I] < A[J]; I = I + 1; J = J + 1",
                    "A[I] <= A[J]; I = I + 1; J = J + 1", "A[-1] < B[-1]", "A[-1] <= B[-1]"),
    "width doubles": ("W = W * 2", "W = W + W"),
    # partition
    "partition by comparison": ("[X for X in A if X < P]", "[X for X in A if X <= P]", "[X for X in A if P < X]",
                                "[X for X in A[1:] if X < P]", "[X for X in A[1:] if X <= P]",
                                "[X for X in A if X < _]", "[X for X in A if X <= _]",
                                "[X for X in _ if X < P]; [Y for Y in _ if P <= Y]",
                                "[X for X in _ if X <= P]; [Y for Y in _ if P < Y]",
                                "X < P; B.append(X); C.append(X)", "X <= P; B.append(X); C.append(X)",
                                "P < X; B.append(X); C.append(X)"),
    "partition in place": ("A[J] < P; A[i], A[J] = A[J], A[i]; i = i + 1",
                           "A[J] <= P; A[i], A[J] = A[J], A[i]; i = i + 1",
                           "A[i] < P; P < A[j]; A[i], A[j] = A[j], A[i]",
                           "A[i] <= P; P <= A[j]; A[i], A[j] = A[j], A[i]",
                           "A[i] <= P; P < A[j]", "A[i] < P; P < A[j]", "A[i] < P; P <= A[j]",
                           "A[i] <= P; P <= A[j]"),
    # heaps
    "children by index": ("2 * I + 1", "2 * I + 2", "I * 2; A[I]", "2 * I; A[I]", "(I + -1) // 2"),
    "heap of the library": _calls("heapq.heappush", "heapq.heappop", "heapq.heapify", "queue.PriorityQueue"),
    # tallies, digits, buckets
    "tally": ("C[X] = C[X] + 1", "C[X] = C.get(...) + 1", "collections.Counter(...)", "C[X + _] = C[X + _] + 1",
              "C[X - _] = C[X - _] + 1"),
    "digits": ("X // E % B", "X // B ** K % B", "X % B; X = X // B", "X // E % 10", "X % E // _", "X / E % B",
               "int(X / E) % B"),
    "digit of element": ("A[I] // E % B", "A[I] / E % B", "int(A[I] / E % B)", "X // E % B", "X // B ** K % B",
                         "int(X / E % B)", "int(X / E) % B", "X % E // _", "(X // E) % B"),
    "buckets": ("B[_].append(_)",),
    "scales up": ("E = E * B", "B ** K"),
    # queues and stacks
    "queue": ("Q.popleft()", "Q.pop(0)", "queue.Queue(...)", "Q.get()", "Q.appendleft(...)"),
    "stack": ("S.append(_); S.pop()", "S.append(_); S.pop(-1)", "S.extend(_); S.pop()"),
    "frontier by levels": ("F = N",),
    # steps of tables
    "relax": ("D[U] + W < D[V]", "N < D[V]; D[V] = N", "D[V] = min(D[V], _)", "_ < D[V]; D[V] = _",
              "D[V] is None", "_ < D.get(...)"),
    "through a middle": ("D[I][K] + D[K][J]", "D[I, K] + D[K, J]", "D[(I, K)] + D[(K, J)]"),
    "neighbouring cells": ("D[I + -1][J]; D[I][J + -1]", "D[I + 1][J]; D[I][J + 1]", "D[I][J + 1]; D[I + 1][J]",
                           "D[I + -1, J]; D[I, J + -1]", "D[I + -1][J + -1]", "F(I + -1, J); F(I, J + -1)",
                           "F(I + 1, J); F(I, J + 1)", "C[J + -1] = _; P[J]", "P[J]; C[J + -1]",
                           "D[I + 1][J + 1]", "D[I + 1, J + 1]", "D[(I + -1, J)]", "D[J + -1]"),
    # numbers
    "remainder step": ("B = A % B", "F(B, A % B)", "A = A % B", "B = math.fmod(A, B)"),
    "subtraction step": ("A = A - B", "F(A - B, B)"),
    "halving number": ("N = N // 2", "F(_, N // 2)", "N // 2", "F(_, N // 2, _)", "N = N / 2"),
    "doubling": ("X = X * 2",),
    "squaring": ("B = B * B", "B = B * B % M", "H * H", "B = B ** 2", "F(B * B, _)", "B = B ** 2 % M", "B * B % M",
                 "F(X, N // 2) ** 2", "pow(B, 2, M)"),
    "multiples crossed out": ("A[K] = False", "A[K] = 0", "A[I * I::I] = _", "S.discard(K)", "A[K * I] = _",
                              "A[_] = False", "S.difference_update(_)", "A[_::_] = _", "S.remove(K)", "A[J] = True",
                              "S.add(J)", "A[J] = 1", "S.update(_)"),
    "clears the lowest bit": ("N & N + -1", "N = N & N + -1", "N & -N"),
    "exclusive or": ("A ^ B",),
    "power modulo": ("pow(A, D, N)", "A * A % N", "A ** D % N", "A = A * _ % N"),
    "random choice": ("random.choice(...)", "random.randint(...)", "random.randrange(...)", "random.random()",
                      "random.shuffle(...)", "random.sample(...)"),
    "shuffle": ("random.shuffle(...)", "random.randint(...)", "random.randrange(...)"),
    # text
    "failure links": ("K = P[K + -1]", "J = P[J + -1]", "J = P[J]", "K = F[K]", "L = P[L + -1]"),
    "rolling hash": ("H = _ % M; ord(_)", "H * B; ord(_)", "ord(_); H = H * B", "H - ord(_)", "(_ + ord(_)) % M"),
    "slides pattern": ("T[I:I + M] == P", "T[I:I + len(P)] == P", "T[I + J] == P[J]", "T[I + J] != P[J]",
                       "P == T[I:_]", "T[I:_] != P", "T[I:].startswith(P)", "T.startswith(P, I)"),
    "last occurrence table": ("L[C] = I; max(1, _)", "D[P[I]] = I", "D[P[I]] = _", "D[C] = I", "D[ord(P[I])] = I",
                              "{C: I for I, C in enumerate(P)}", "P.rfind(...)", "D.get(...)"),
    "mirror": ("2 * C - I", "R - I", "2 * _ - _"),
    "sorting by library": _calls("sorted", "A.sort"),
    "sorted": ("sorted(...)", "A.sort()", "A.sort(...)", "A.sort(key=_)", "A.sort(key=_, reverse=_)", "A.sort(reverse=_)"),
    # slices
    "prefix reversal": ("A[:K][::-1]", "A[K::-1]", "A[:K] = A[:K][::-1]", "A[:K] = reversed(_)", "A[K + -1::-1]",
                        "A[:K + 1][::-1]", "A[M::-1]", "A[:_].reverse()", "reversed(A[:K])"),
    "visited set": ("_ in S; S.add(_)", "_ not in S; S.add(_)", "V[_] = True", "V[_] = 1", "S.append(_); _ not in S"),
}  # fmt: skip
