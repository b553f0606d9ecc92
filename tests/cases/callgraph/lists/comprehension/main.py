def a():
    return 1
def cond():
    return True
xs = [a() for _ in range(2) if cond()]
