import two


class One(two.Two):
    def f(self):
        self.g()
