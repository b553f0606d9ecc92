from functools import partial
def act(callback):
    callback()
def cb():
    pass
go = partial(act, cb)
go()
