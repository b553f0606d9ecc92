def both():
    pass
