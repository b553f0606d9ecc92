class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args)


class Thing(metaclass=Meta):
    def __init__(self, value):
        self.value = value

    def use(self):
        pass


Thing(1).use()
