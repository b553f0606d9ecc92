def a():
    pass
def b():
    pass
for left, right in zip([a], [b]):
    left()
for index, each in enumerate([b]):
    each()
