def a():
    pass
x = y = a
y()
