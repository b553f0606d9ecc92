def repeat(n):
    def decorate(f):
        def inner():
            f()
        return inner
    return decorate
@repeat(3)
def hello():
    pass
hello()
