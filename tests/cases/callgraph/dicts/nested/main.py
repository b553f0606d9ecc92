def a():
    pass
def b():
    pass
tree = {"l": {"f": a}, "r": {"f": b}}
tree["r"]["f"]()
