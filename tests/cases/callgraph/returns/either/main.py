def pick(flag):
    if flag:
        return a
    return b
def a():
    pass
def b():
    pass
pick(True)()
