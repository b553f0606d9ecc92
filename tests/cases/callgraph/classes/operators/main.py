class Vec:
    def __add__(self, other):
        return self
    def __getitem__(self, key):
        return 1
    def __setitem__(self, key, value):
        pass
    def __len__(self):
        return 2
    def __str__(self):
        return "v"
    def __eq__(self, other):
        return True
    def __contains__(self, x):
        return False
v = Vec()
w = v + v
v[0]
v[1] = 2
len(v)
str(v)
v == w
3 in v
f"{v}"
