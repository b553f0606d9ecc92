registry = []
def register(f):
    registry.append(f)
    return f
@register
def one():
    pass
@register
def two():
    pass
two()
