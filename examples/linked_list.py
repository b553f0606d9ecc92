"""A chain of nodes, and how to turn it round."""


class Node:
    """One value and the node after it."""

    def __init__(self, value, after=None):
        self.value = value
        self.after = after


def from_list(values):
    """Return the first node of a chain with these values, or None.

    >>> to_list(from_list([1, 2, 3]))
    [1, 2, 3]
    """
    first = None
    for value in reversed(values):
        first = Node(value, first)
    return first


def to_list(node):
    """Return the values of a chain.

    >>> to_list(Node(1, Node(2)))
    [1, 2]
    """
    values = []
    while node is not None:
        values.append(node.value)
        node = node.after
    return values


def reverse(node):
    """Turn the chain round and return its new first node.

    >>> to_list(reverse(from_list([1, 2, 3])))
    [3, 2, 1]
    """
    before = None
    while node is not None:
        node.after, before, node = before, node, node.after
    return before
