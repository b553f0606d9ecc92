def first():
    pass


def second():
    pass


def same(function=first):
    return function


same(function=second)()


def other():
    same()()


other()
