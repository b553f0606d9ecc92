"""Sort a list in place by inserting each value into the sorted part before it."""


def insertion_sort(xs):
    """Sort `xs` in place and return it.

    >>> insertion_sort([5, 2, 4, 1])
    [1, 2, 4, 5]
    """
    for i in range(1, len(xs)):
        value = xs[i]
        j = i
        while j > 0 and xs[j - 1] > value:
            xs[j] = xs[j - 1]
            j -= 1
        xs[j] = value
    return xs
