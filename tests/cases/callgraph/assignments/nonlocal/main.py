def outer():
    action = None
    def inner():
        nonlocal action
        action = target
    inner()
    action()
def target():
    pass
outer()
