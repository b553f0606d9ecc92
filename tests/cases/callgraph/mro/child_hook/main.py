class Base:
    def run(self):
        self.hook()
    def hook(self):
        pass
class Child(Base):
    def hook(self):
        pass
Child().run()
