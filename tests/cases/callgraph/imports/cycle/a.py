import b
def start():
    b.other()
def back():
    pass
