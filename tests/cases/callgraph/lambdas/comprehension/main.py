fs = [(lambda: a)() for _ in (lambda: [1])()]
def a():
    pass
