class Table:
    def __setitem__(self, key, value):
        self.value = value

    def __getitem__(self, key):
        return self.value


def first():
    pass


table = Table()
table["a"] = first
table["a"]()
