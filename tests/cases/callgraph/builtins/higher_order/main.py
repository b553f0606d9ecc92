def double(x):
    return x
def is_even(x):
    return True
def rank(x):
    return x
list(map(double, [1, 2]))
list(filter(is_even, [1, 2]))
sorted([2, 1], key=rank)
max([1, 2], key=rank)
