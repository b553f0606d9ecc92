class A:
    pass
class B:
    def go(self):
        pass
class C:
    def go(self):
        pass
class D(A, B, C):
    pass
D().go()
