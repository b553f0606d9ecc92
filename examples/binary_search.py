"""Find a value in a sorted list by halving the part it can still be in."""


def binary_search(xs, target):
    """Return the index of `target` in the sorted list `xs`, or -1.

    >>> binary_search([1, 3, 5, 7, 9, 11], 9)
    4
    >>> binary_search([1, 3, 5], 4)
    -1
    """
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
