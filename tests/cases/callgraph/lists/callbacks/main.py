class Bus:
    def __init__(self):
        self.handlers = []
    def on(self, f):
        self.handlers.append(f)
    def fire(self):
        for handler in self.handlers:
            handler()
def job():
    pass
bus = Bus()
bus.on(job)
bus.fire()
