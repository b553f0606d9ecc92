from functools import wraps
def logged(f):
    @wraps(f)
    def inner(*args):
        return f(*args)
    return inner
@logged
def job():
    pass
job()
