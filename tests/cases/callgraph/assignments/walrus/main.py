def make():
    return worker
def worker():
    pass
if (found := make()):
    found()
