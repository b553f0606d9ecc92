class Lock:
    def __enter__(self):
        return Held()
    def __exit__(self, *exc):
        pass
class Held:
    def check(self):
        pass
with Lock() as held:
    held.check()
