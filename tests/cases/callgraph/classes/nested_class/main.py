class Outer:
    class Inner:
        def work(self):
            pass
    def run(self):
        Outer.Inner().work()
def local():
    class Here:
        def go(self):
            pass
    Here().go()
Outer().run()
local()
