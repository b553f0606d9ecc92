def outer(a=None, b=None):
    inner(x=b)
    a()
def inner(x):
    x()
def one():
    pass
def two():
    pass
outer(b=two, a=one)
