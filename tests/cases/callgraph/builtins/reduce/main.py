import functools
def compose(f, g):
    g()
    return f
def a():
    pass
def b():
    pass
functools.reduce(compose, [a, b])
