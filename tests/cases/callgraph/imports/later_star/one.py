def both():
    pass


def only():
    pass
