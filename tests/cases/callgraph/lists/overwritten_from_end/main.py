def first():
    pass


def second():
    pass


steps = [first]
steps[0] = first
steps[-1] = second
steps[0]()
