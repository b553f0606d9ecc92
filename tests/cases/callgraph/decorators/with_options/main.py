from functools import partial


def log(function=None, *, level=1):
    if function is None:
        return partial(log, level=level)

    def wrapper():
        return function()

    return wrapper


@log
def plain():
    pass


@log(level=2)
def loud():
    pass


plain()
loud()
