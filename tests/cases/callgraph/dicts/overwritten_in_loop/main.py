def first():
    pass


def second():
    pass


table = {"a": first}
for _ in range(2):
    table["a"]()
    table["a"] = second
