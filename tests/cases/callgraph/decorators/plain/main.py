def twice(f):
    def inner():
        f()
        f()
    return inner
@twice
def hello():
    pass
hello()
