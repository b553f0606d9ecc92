class Engine:
    def start(self):
        pass
class Car:
    engine_class = Engine
    def drive(self):
        self.engine_class().start()
Car().drive()
