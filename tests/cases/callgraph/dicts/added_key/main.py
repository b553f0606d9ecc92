def a():
    pass
table = {}
table["a"] = a
table["a"]()
table.get("a")()
