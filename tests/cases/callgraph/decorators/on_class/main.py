def plugin(cls):
    return cls
@plugin
class Tool:
    def use(self):
        pass
Tool().use()
