import one


class Two(one.One):
    def g(self):
        self.f()
