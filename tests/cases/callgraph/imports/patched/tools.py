def fire():
    hook()
def default():
    pass
hook = default
