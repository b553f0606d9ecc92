def first():
    pass


def second():
    pass


table = {"a": first, "b": first}
table["a"] = second
table["a"]()
