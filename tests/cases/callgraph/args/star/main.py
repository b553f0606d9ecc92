def first():
    pass
def second():
    pass
def both(a, b):
    a()
    b()
def every(*functions, **named):
    functions[0]()
    named["go"]()
both(*[first, second])
both(**{"a": second, "b": first})
every(first, go=second)
