def a():
    pass
def b():
    pass
fs = [a, b]
fs[0]()
gs = [a, b]
gs[-1]()
