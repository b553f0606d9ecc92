def first():
    pass


def second():
    pass


def choose(flag):
    table = {"a": first}
    if flag:
        table["a"] = second
    table["a"]()


choose(True)
