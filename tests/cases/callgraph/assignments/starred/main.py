def a():
    pass
def b():
    pass
def c():
    pass
first, *middle, last = a, b, c
first()
middle[0]()
last()
