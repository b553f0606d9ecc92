def first():
    pass


def second():
    pass


steps = [first, first]
steps[1] = second
steps[1]()
steps[0]()
