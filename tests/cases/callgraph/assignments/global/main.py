def first():
    pass
handler = None
def install():
    global handler
    handler = first
def fire():
    handler()
install()
fire()
