from contextlib import contextmanager
@contextmanager
def opened():
    yield work
def work():
    pass
with opened() as job:
    job()
