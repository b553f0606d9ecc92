def a(f):
    def in_a():
        f()
    return in_a
def b(f):
    def in_b():
        f()
    return in_b
@a
@b
def hello():
    pass
hello()
