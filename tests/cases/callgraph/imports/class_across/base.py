class Shape:
    def area(self):
        self.check()
    def check(self):
        pass
