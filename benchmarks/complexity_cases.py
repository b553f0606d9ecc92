"""Functions of known class for benchmarks/complexity.py: no annotation or doctest helps.

`CLASSES` gives the worst case over the inputs of a size; a function of two sizes has two right answers.
"""

# ruff: noqa: B905, C416, RUF005, RUF007 - written as a student would
from __future__ import annotations

import bisect
import heapq
from collections import Counter, deque

CLASSES: dict[str, tuple[str, ...]] = {
    "first": ("1",), "swap_ends": ("1",), "is_leap": ("1",), "peek_middle": ("1",),
    "binary_search": ("log n",), "bisect_wrapper": ("log n",), "digit_sum": ("log n",),
    "gcd": ("log n",), "power": ("log n",), "bit_count": ("log n",), "lower_bound": ("log n",),
    "to_binary": ("log n",), "is_prime": ("sqrt n",), "divisors": ("sqrt n",),
    "jump_search": ("sqrt n",), "integer_root": ("sqrt n",), "total": ("n",), "largest": ("n",),
    "linear_search": ("n",), "count_vowels": ("n",), "fibonacci": ("n",), "factorial": ("n",),
    "kadane": ("n",), "two_pointers": ("n",), "balanced": ("n",), "first_unique": ("n",),
    "prefix_sums": ("n",), "two_sum_hash": ("n",), "is_palindrome": ("n",), "run_lengths": ("n",),
    "majority": ("n",), "reverse_in_place": ("n",), "build_heap": ("n",), "guarded_search": ("n",),
    "climb_stairs": ("n",), "max_window": ("n",), "caesar": ("n",), "dutch_flag": ("n",),
    "recursive_sum": ("n",), "merge_sort": ("n log n",), "heap_sort": ("n log n",),
    "sorted_pairs": ("n log n",), "kth_by_heap": ("n log n",), "close_pair": ("n log n",),
    "insert_sorted_all": ("n log n", "n^2"), "anagrams": ("n log n",), "bubble_sort": ("n^2",),
    "insertion_sort": ("n^2",), "selection_sort": ("n^2",), "has_duplicate": ("n^2",),
    "pairs_with_sum": ("n^2",), "longest_increasing": ("n^2",), "membership_in_list": ("n^2",),
    "pop_front": ("n^2",), "triangle": ("n^2",), "slice_sum": ("n^2",), "longest_palindrome": ("n^2",),
    "quick_sort_first": ("n^2",), "transpose": ("n^2", "m*n"), "grow_by_concat": ("n^2",),
    "multiply_table": ("n^2",), "three_sum": ("n^3",), "matrix_product": ("n^3",),
    "floyd_warshall": ("n^3",), "triples": ("n^3",), "fib_naive": ("2^n",), "subsets": ("2^n",),
    "hanoi": ("2^n",), "subset_sum": ("2^n",), "tribonacci": ("2^n",), "permutations": ("n!",),
    "best_tour": ("n!",), "edit_distance": ("m*n", "n^2"), "common_subsequence": ("m*n", "n^2"),
    "knapsack": ("m*n", "n^2"), "coin_ways": ("m*n", "n^2"), "merge": ("n + m", "n"),
    "breadth_first": ("n + m", "n"), "depth_first": ("n + m", "n"), "grid_sum": ("m*n", "n^2"),
    "is_subsequence": ("n + m", "n"),
}  # fmt: skip


def first(xs):
    return xs[0]


def swap_ends(xs):
    xs[0], xs[-1] = xs[-1], xs[0]
    return xs


def is_leap(year):
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def peek_middle(xs):
    return xs[len(xs) // 2]


def binary_search(xs, target):
    low, high = 0, len(xs) - 1
    while low <= high:
        mid = (low + high) // 2
        if xs[mid] == target:
            return mid
        if xs[mid] < target:
            low = mid + 1
        else:
            high = mid - 1
    return -1


def bisect_wrapper(xs, x):
    return bisect.bisect_left(xs, x)


def digit_sum(n):
    total = 0
    while n > 0:
        total += n % 10
        n //= 10
    return total


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def power(base, exponent):
    result = 1
    base = base % 1009
    while exponent > 0:
        if exponent % 2:
            result = result * base % 1009
        base = base * base % 1009
        exponent //= 2
    return result


def bit_count(n):
    count = 0
    while n:
        count += n & 1
        n >>= 1
    return count


def lower_bound(arr, x):
    lo, hi = 0, len(arr)
    while lo < hi:
        mid = (lo + hi) // 2
        if arr[mid] < x:
            lo = mid + 1
        else:
            hi = mid
    return lo


def to_binary(n):
    if n < 2:
        return str(n)
    return to_binary(n // 2) + str(n % 2)


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def divisors(n):
    found = []
    i = 1
    while i * i <= n:
        if n % i == 0:
            found.append(i)
            if i != n // i:
                found.append(n // i)
        i += 1
    return found


def jump_search(xs, target):
    n = len(xs)
    step = int(n**0.5) or 1
    prev = 0
    while prev < n and xs[min(prev + step, n) - 1] < target:
        prev += step
    for i in range(prev, min(prev + step, n)):
        if xs[i] == target:
            return i
    return -1


def integer_root(n):
    r = 0
    while (r + 1) * (r + 1) <= n:
        r += 1
    return r


def total(xs):
    s = 0
    for x in xs:
        s += x
    return s


def largest(numbers):
    return max(numbers)


def linear_search(items, wanted):
    for i, item in enumerate(items):
        if item == wanted:
            return i
    return -1


def count_vowels(text):
    return sum(1 for c in text if c in "aeiou")


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def kadane(nums):
    best = current = nums[0]
    for x in nums[1:]:
        current = max(x, current + x)
        best = max(best, current)
    return best


def two_pointers(xs, target):
    i, j = 0, len(xs) - 1
    while i < j:
        s = xs[i] + xs[j]
        if s == target:
            return i, j
        if s < target:
            i += 1
        else:
            j -= 1
    return None


def balanced(brackets):
    stack = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for c in brackets:
        if c in "([{":
            stack.append(c)
        elif not stack or stack.pop() != pairs[c]:
            return False
    return not stack


def first_unique(s):
    counts = Counter(s)
    for i, c in enumerate(s):
        if counts[c] == 1:
            return i
    return -1


def prefix_sums(values):
    out = [0]
    for v in values:
        out.append(out[-1] + v)
    return out


def two_sum_hash(nums, target):
    seen = {}
    for i, x in enumerate(nums):
        if target - x in seen:
            return seen[target - x], i
        seen[x] = i
    return None


def is_palindrome(word):
    i, j = 0, len(word) - 1
    while i < j:
        if word[i] != word[j]:
            return False
        i, j = i + 1, j - 1
    return True


def run_lengths(s):
    out = []
    i = 0
    while i < len(s):
        j = i
        while j < len(s) and s[j] == s[i]:
            j += 1
        out.append((s[i], j - i))
        i = j
    return out


def majority(nums):
    candidate, votes = None, 0
    for x in nums:
        if votes == 0:
            candidate = x
        votes += 1 if x == candidate else -1
    return candidate


def reverse_in_place(xs):
    for i in range(len(xs) // 2):
        xs[i], xs[len(xs) - 1 - i] = xs[len(xs) - 1 - i], xs[i]


def build_heap(xs):
    heap = list(xs)
    heapq.heapify(heap)
    return heap


def guarded_search(xs, target):
    for i in range(len(xs) - 1):
        if xs[i] > xs[i + 1]:
            raise ValueError("not sorted")
    return binary_search(xs, target)


def climb_stairs(n):
    ways = [1, 1]
    for i in range(2, n + 1):
        ways.append(ways[i - 1] + ways[i - 2])
    return ways[n]


def max_window(nums, k):
    best = window = sum(nums[:k])
    for i in range(k, len(nums)):
        window += nums[i] - nums[i - k]
        best = max(best, window)
    return best


def caesar(text, shift):
    return "".join(chr((ord(c) - 97 + shift) % 26 + 97) if c.isalpha() else c for c in text)


def dutch_flag(xs):
    low, i, high = 0, 0, len(xs) - 1
    while i <= high:
        if xs[i] < 1:
            xs[low], xs[i] = xs[i], xs[low]
            low += 1
            i += 1
        elif xs[i] > 1:
            xs[i], xs[high] = xs[high], xs[i]
            high -= 1
        else:
            i += 1
    return xs


def recursive_sum(xs, i=0):
    return 0 if i == len(xs) else xs[i] + recursive_sum(xs, i + 1)


def merge_sort(xs):
    if len(xs) < 2:
        return xs
    mid = len(xs) // 2
    return merge(merge_sort(xs[:mid]), merge_sort(xs[mid:]))


def merge(a, b):
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i])
            i += 1
        else:
            out.append(b[j])
            j += 1
    while i < len(a):
        out.append(a[i])
        i += 1
    while j < len(b):
        out.append(b[j])
        j += 1
    return out


def heap_sort(xs):
    heap = []
    for x in xs:
        heapq.heappush(heap, x)
    return [heapq.heappop(heap) for _ in range(len(heap))]


def sorted_pairs(xs):
    return list(zip(sorted(xs), sorted(xs, reverse=True)))


def kth_by_heap(nums, k):
    heap = []
    for x in nums:
        heapq.heappush(heap, -x)
    for _ in range(k - 1):
        heapq.heappop(heap)
    return -heap[0]


def close_pair(xs):
    xs = sorted(xs)
    best = None
    for a, b in zip(xs, xs[1:]):
        if best is None or b - a < best:
            best = b - a
    return best


def insert_sorted_all(xs):
    out = []
    for x in xs:
        bisect.insort(out, x)
    return out


def anagrams(a, b):
    return sorted(a) == sorted(b)


def bubble_sort(xs):
    xs = list(xs)
    for i in range(len(xs)):
        swapped = False
        for j in range(len(xs) - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                swapped = True
        if not swapped:
            break
    return xs


def insertion_sort(xs):
    for i in range(1, len(xs)):
        j = i
        while j > 0 and xs[j - 1] > xs[j]:
            xs[j - 1], xs[j] = xs[j], xs[j - 1]
            j -= 1
    return xs


def selection_sort(xs):
    for i in range(len(xs)):
        m = min(range(i, len(xs)), key=xs.__getitem__)
        xs[i], xs[m] = xs[m], xs[i]
    return xs


def has_duplicate(xs):
    for i in range(len(xs)):
        for j in range(i + 1, len(xs)):
            if xs[i] == xs[j]:
                return True
    return False


def pairs_with_sum(nums, target):
    return [(a, b) for i, a in enumerate(nums) for b in nums[i + 1 :] if a + b == target]


def longest_increasing(seq):
    best = [1] * len(seq)
    for i in range(len(seq)):
        for j in range(i):
            if seq[j] < seq[i]:
                best[i] = max(best[i], best[j] + 1)
    return max(best, default=0)


def membership_in_list(xs):
    seen = []
    for x in xs:
        if x not in seen:
            seen.append(x)
    return seen


def pop_front(queue):
    out = []
    while queue:
        out.append(queue.pop(0))
    return out


def triangle(n):
    rows = []
    for i in range(n):
        row = [1] * (i + 1)
        for j in range(1, i):
            row[j] = rows[-1][j - 1] + rows[-1][j]
        rows.append(row)
    return rows


def slice_sum(xs):
    return 0 if not xs else xs[0] + slice_sum(xs[1:])


def longest_palindrome(s):
    best = ""
    for center in range(len(s)):
        for width in (0, 1):
            i, j = center, center + width
            while i >= 0 and j < len(s) and s[i] == s[j]:
                i, j = i - 1, j + 1
            if j - i - 1 > len(best):
                best = s[i + 1 : j]
    return best


def quick_sort_first(xs):
    if len(xs) < 2:
        return xs
    pivot, rest = xs[0], xs[1:]
    left = [x for x in rest if x < pivot]
    right = [x for x in rest if x >= pivot]
    return quick_sort_first(left) + [pivot] + quick_sort_first(right)


def transpose(matrix):
    return [[row[i] for row in matrix] for i in range(len(matrix[0]))]


def grow_by_concat(xs):
    out = []
    for x in xs:
        out = out + [x]
    return out


def multiply_table(n):
    return [[i * j for j in range(n)] for i in range(n)]


def three_sum(nums):
    found = 0
    for i in range(len(nums)):
        for j in range(i + 1, len(nums)):
            for k in range(j + 1, len(nums)):
                if nums[i] + nums[j] + nums[k] == 0:
                    found += 1
    return found


def matrix_product(a, b):
    n, m, p = len(a), len(b), len(b[0])
    return [[sum(a[i][k] * b[k][j] for k in range(m)) for j in range(p)] for i in range(n)]


def floyd_warshall(dist):
    n = len(dist)
    d = [row[:] for row in dist]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d


def triples(n):
    found = []
    for a in range(1, n):
        for b in range(a, n):
            for c in range(b, n):
                if a * a + b * b == c * c:
                    found.append((a, b, c))
    return found


def fib_naive(n):
    return n if n < 2 else fib_naive(n - 1) + fib_naive(n - 2)


def subsets(xs):
    if not xs:
        return [[]]
    rest = subsets(xs[1:])
    return rest + [[xs[0], *s] for s in rest]


def hanoi(n, a="A", b="B", c="C"):
    if n == 0:
        return 0
    return hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)


def subset_sum(nums, target, i=0):
    if i == len(nums):
        return target == 0
    take = subset_sum(nums, target - nums[i], i + 1)
    skip = subset_sum(nums, target, i + 1)
    return take or skip


def tribonacci(n):
    if n < 3:
        return n
    return tribonacci(n - 1) + tribonacci(n - 2) + tribonacci(n - 3)


def permutations(xs):
    if len(xs) < 2:
        return [xs]
    out = []
    for i in range(len(xs)):
        for p in permutations(xs[:i] + xs[i + 1 :]):
            out.append([xs[i], *p])
    return out


def best_tour(dist, at=0, left=None):
    left = [i for i in range(1, len(dist))] if left is None else left
    if not left:
        return dist[at][0]
    return min(dist[at][j] + best_tour(dist, j, [k for k in left if k != j]) for j in left)


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (x != y))
    return row[-1]


def common_subsequence(s, t):
    table = [[0] * (len(t) + 1) for _ in range(len(s) + 1)]
    for i in range(len(s)):
        for j in range(len(t)):
            if s[i] == t[j]:
                table[i + 1][j + 1] = table[i][j] + 1
            else:
                table[i + 1][j + 1] = max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def knapsack(weights, values, capacity):
    best = [0] * (capacity + 1)
    for w, v in zip(weights, values):
        for c in range(capacity, w - 1, -1):
            best[c] = max(best[c], best[c - w] + v)
    return best[capacity]


def coin_ways(coins, amount):
    ways = [1] + [0] * amount
    for coin in coins:
        for a in range(coin, amount + 1):
            ways[a] += ways[a - coin]
    return ways[amount]


def breadth_first(graph, start):
    seen, queue = {start}, deque([start])
    order = []
    while queue:
        node = queue.popleft()
        order.append(node)
        for other in graph[node]:
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return order


def depth_first(graph, node, seen=None):
    seen = set() if seen is None else seen
    seen.add(node)
    for other in graph[node]:
        if other not in seen:
            depth_first(graph, other, seen)
    return seen


def grid_sum(grid):
    s = 0
    for row in grid:
        for cell in row:
            s += cell
    return s


def is_subsequence(s, t):
    i = 0
    for c in t:
        if i < len(s) and s[i] == c:
            i += 1
    return i == len(s)
