def run(callback, /, times=1):
    for _ in range(times):
        callback()
def ping():
    pass
run(ping, times=2)
