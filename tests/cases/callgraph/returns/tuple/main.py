def pair():
    return a, b
def a():
    pass
def b():
    pass
x, y = pair()
y()
