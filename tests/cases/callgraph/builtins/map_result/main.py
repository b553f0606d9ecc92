def wrap(f):
    return f
def job():
    pass
for each in map(wrap, [job]):
    each()
