def first():
    pass


def second():
    pass


table = {"a": {"b": first}}
table["a"]["b"] = second
table["a"]["b"]()
