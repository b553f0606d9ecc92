class Builder:
    def add(self):
        return self


class House(Builder):
    def build(self):
        pass


class Ship(Builder):
    def build(self):
        pass


Ship().add()
House().add().build()
