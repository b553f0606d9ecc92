class A:
    pass


class B(A):
    def f(self):
        pass


class A(B):
    def g(self):
        self.f()


A().g()
