def first():
    pass


def second():
    pass


table = {"a": first}


def change():
    table["a"] = first


table["a"] = second
change()
table["a"]()
