def first():
    pass


def second():
    pass


table = {}
other = table
table["a"] = first
other["a"] = second
table["a"]()
