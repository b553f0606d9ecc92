"""How many single-letter edits turn one word into another."""


def edit_distance(source, target):
    """Return the least number of insertions, deletions and substitutions.

    >>> edit_distance("cat", "cart")
    1
    >>> edit_distance("kitten", "sitting")
    3
    """
    rows, columns = len(source) + 1, len(target) + 1
    table = [[0] * columns for _ in range(rows)]
    for i in range(rows):
        table[i][0] = i
    for j in range(columns):
        table[0][j] = j
    for i in range(1, rows):
        for j in range(1, columns):
            if source[i - 1] == target[j - 1]:
                table[i][j] = table[i - 1][j - 1]
            else:
                table[i][j] = 1 + min(table[i - 1][j], table[i][j - 1], table[i - 1][j - 1])
    return table[-1][-1]
