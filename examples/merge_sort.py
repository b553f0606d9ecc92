"""Sort by splitting in halves, sorting each, and merging the two."""


def merge(left, right):
    """Return one sorted list with the values of two sorted ones.

    >>> merge([1, 4, 6], [2, 3])
    [1, 2, 3, 4, 6]
    """
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    merged.extend(left[i:])
    merged.extend(right[j:])
    return merged


def merge_sort(xs):
    """Return a sorted copy of `xs`.

    >>> merge_sort([5, 2, 4, 1, 3])
    [1, 2, 3, 4, 5]
    """
    if len(xs) <= 1:
        return list(xs)
    middle = len(xs) // 2
    return merge(merge_sort(xs[:middle]), merge_sort(xs[middle:]))
