class Oops(Exception):
    def __init__(self, text=""):
        pass
def one():
    raise Oops
def two():
    raise Oops("x")
