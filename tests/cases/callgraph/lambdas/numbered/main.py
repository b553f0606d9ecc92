pick = [lambda: 1, lambda: 2]
pick[1]()
def f():
    g = lambda: h()
    g()
def h():
    pass
f()
