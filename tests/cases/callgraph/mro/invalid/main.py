class A:
    def go(self):
        pass
class B(A):
    pass
try:
    class C(A, B):
        pass
    C().go()
except TypeError:
    pass
