def jobs():
    yield a
    yield from more()
def more():
    yield b
def a():
    pass
def b():
    pass
for job in jobs():
    job()
