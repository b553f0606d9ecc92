import traceback


def inner(xs):
    return (
        xs[0]
        + xs[9]
    )


def outer(xs):
    try:
        inner(xs)
    except IndexError as error:
        traceback.print_exc()
        raise ValueError("outer") from error


def swap(a, i):
    with open("/nonexistent") as f:
        a[i] = f.read()


def deep(n):
    return deep(n - 1) if n else 1 / n


for f, args in ((swap, ([1], 0)), (deep, (3,)), (max, ())):
    try:
        f(*args)
    except Exception:
        traceback.print_exc()
print(sorted(vars()), __name__)
print(sorted(locals()))
outer([1])
