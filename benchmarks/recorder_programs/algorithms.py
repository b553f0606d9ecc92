"""Eleven algorithm programs that the recorder is timed on; each call runs some milliseconds."""

import heapq
from collections import deque


def bubble(n):
    xs = [(i * 7919) % n for i in range(n)]
    for i in range(n):
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
    return xs


def sieve(n):
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    i = 2
    while i * i <= n:
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
        i += 1
    return [i for i, f in enumerate(flags) if f]


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def collatz(n):
    best = 0
    for start in range(1, n):
        x, steps = start, 0
        while x != 1:
            if x % 2:
                x = 3 * x + 1
            else:
                x //= 2
            steps += 1
        if steps > best:
            best = steps
    return best


def lcs(a, b):
    m, n = len(a), len(b)
    dp = [[0] * (n + 1) for _ in range(m + 1)]
    for i in range(1, m + 1):
        for j in range(1, n + 1):
            if a[i - 1] == b[j - 1]:
                dp[i][j] = dp[i - 1][j - 1] + 1
            else:
                dp[i][j] = max(dp[i - 1][j], dp[i][j - 1])
    return dp[m][n]


def bfs(n):
    seen = {(0, 0)}
    q = deque([(0, 0)])
    count = 0
    while q:
        r, c = q.popleft()
        count += 1
        for dr, dc in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            p = r + dr, c + dc
            if 0 <= p[0] < n and 0 <= p[1] < n and p not in seen:
                seen.add(p)
                q.append(p)
    return count


def dijkstra(n):
    graph = {
        i: [((i * 7 + 1) % n, i % 5 + 1), ((i * 3 + 2) % n, i % 7 + 1), ((i + 1) % n, 9)] for i in range(n)
    }
    dist = {0: 0}
    heap = [(0, 0)]
    while heap:
        d, u = heapq.heappop(heap)
        if d > dist.get(u, 1 << 30):
            continue
        for v, w in graph[u]:
            nd = d + w
            if nd < dist.get(v, 1 << 30):
                dist[v] = nd
                heapq.heappush(heap, (nd, v))
    return len(dist)


class Node:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None


class Tree:
    def __init__(self):
        self.root = None
        self.size = 0

    def insert(self, key):
        if self.root is None:
            self.root = Node(key)
            self.size += 1
            return
        node = self.root
        while True:
            if key < node.key:
                if node.left is None:
                    node.left = Node(key)
                    break
                node = node.left
            else:
                if node.right is None:
                    node.right = Node(key)
                    break
                node = node.right
        self.size += 1


def bst(n):
    t = Tree()
    for i in range(n):
        t.insert((i * 7919) % 10007)
    return t.size


def queens(n):
    cols, d1, d2, out = set(), set(), set(), []

    def place(r):
        if r == n:
            out.append(sorted(cols))
            return
        for c in range(n):
            if c in cols or r + c in d1 or r - c in d2:
                continue
            cols.add(c)
            d1.add(r + c)
            d2.add(r - c)
            place(r + 1)
            cols.remove(c)
            d1.remove(r + c)
            d2.remove(r - c)

    place(0)
    return len(out)


def merge_sort(xs):
    if len(xs) <= 1:
        return xs
    mid = len(xs) // 2
    left, right = merge_sort(xs[:mid]), merge_sort(xs[mid:])
    out = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    out.extend(left[i:])
    out.extend(right[j:])
    return out


def msort(n):
    return merge_sort([(i * 7919) % n for i in range(n)])


def perms(xs):
    if not xs:
        yield []
        return
    for i in range(len(xs)):
        for rest in perms(xs[:i] + xs[i + 1 :]):
            yield [xs[i]] + rest


def allperms(n):
    return sum(1 for p in perms(list(range(n))))
