def a():
    pass
def b():
    pass
def c():
    pass
fs = [a, b, c]
fs[1:][0]()
