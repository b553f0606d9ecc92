"""Place queens on a board so that none attacks another, by trying and taking back."""


def n_queens(size):
    """Return the first placement found, as the column of the queen in each row, or None.

    >>> n_queens(4)
    [1, 3, 0, 2]
    >>> n_queens(3) is None
    True
    """
    columns = []

    def is_safe(column):
        row = len(columns)
        return all(
            column != other and abs(column - other) != row - other_row
            for other_row, other in enumerate(columns)
        )

    def place():
        if len(columns) == size:
            return True
        for column in range(size):
            if is_safe(column):
                columns.append(column)
                if place():
                    return True
                columns.pop()
        return False

    return columns if place() else None
