def apply(f, x):
    f(x)
def job():
    pass
apply(lambda g: g(), job)
