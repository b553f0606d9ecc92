"""Find a word in a text without ever stepping back in the text (Knuth, Morris, Pratt 1977)."""


def prefix_table(word):
    """For each position, the length of the longest prefix of `word` that ends there.

    >>> prefix_table("ababc")
    [0, 0, 1, 2, 0]
    """
    table = [0] * len(word)
    length = 0
    for i in range(1, len(word)):
        while length > 0 and word[i] != word[length]:
            length = table[length - 1]
        if word[i] == word[length]:
            length += 1
        table[i] = length
    return table


def find(text, word):
    """Return where `word` first stands in `text`, or -1.

    >>> find("abababc", "ababc")
    2
    """
    if not word:
        return 0
    table = prefix_table(word)
    matched = 0
    for i, letter in enumerate(text):
        while matched > 0 and letter != word[matched]:
            matched = table[matched - 1]
        if letter == word[matched]:
            matched += 1
        if matched == len(word):
            return i - matched + 1
    return -1
