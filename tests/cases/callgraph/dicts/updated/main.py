def first():
    pass


def second():
    pass


table = {"a": first}
table.update({"a": second})
table["a"]()
