def make(action):
    def run():
        action()
    return run
def job():
    pass
make(job)()
