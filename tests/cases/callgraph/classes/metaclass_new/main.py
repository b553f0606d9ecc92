class Meta(type):
    def __new__(mcs, name, bases, names):
        return super().__new__(mcs, name, bases, names)

    def __init__(cls, name, bases, names):
        cls.note()

    def note(cls):
        pass


class Base(metaclass=Meta):
    pass


class Thing(Base):
    pass
