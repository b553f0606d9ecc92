class Tool:
    @staticmethod
    def check():
        pass
    @classmethod
    def make(cls):
        return cls()
    def use(self):
        pass
Tool.check()
Tool().check()
Tool.make().use()
