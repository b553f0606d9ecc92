class Meta(type):
    def make(cls):
        return cls()


class Thing(metaclass=Meta):
    def use(self):
        pass


Thing.make().use()
