def first():
    pass


first()
