"""A heap kept in a list: the smallest value is always first."""


class MinHeap:
    """A binary min-heap.

    >>> heap = MinHeap([5, 3, 8])
    >>> heap.push(1)
    >>> [heap.pop() for _ in range(4)]
    [1, 3, 5, 8]
    """

    def __init__(self, items=()):
        self.items = []
        for item in items:
            self.push(item)

    def push(self, item):
        """Add `item`.

        >>> heap = MinHeap([4, 2])
        >>> heap.push(1)
        >>> heap.items
        [1, 4, 2]
        """
        self.items.append(item)
        child = len(self.items) - 1
        while child > 0:
            parent = (child - 1) // 2
            if self.items[parent] <= self.items[child]:
                break
            self.items[parent], self.items[child] = self.items[child], self.items[parent]
            child = parent

    def pop(self):
        """Remove the smallest value and return it; IndexError when there is none.

        >>> MinHeap([4, 2, 9]).pop()
        2
        """
        if not self.items:
            raise IndexError("pop from an empty heap")
        smallest = self.items[0]
        last = self.items.pop()
        if self.items:
            self.items[0] = last
            self._sink(0)
        return smallest

    def _sink(self, parent):
        while True:
            child = 2 * parent + 1
            if child >= len(self.items):
                break
            if child + 1 < len(self.items) and self.items[child + 1] < self.items[child]:
                child += 1
            if self.items[parent] <= self.items[child]:
                break
            self.items[parent], self.items[child] = self.items[child], self.items[parent]
            parent = child
