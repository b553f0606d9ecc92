class Oops(Exception):
    def describe(self):
        pass
def risky():
    raise Oops()
try:
    risky()
except Oops as error:
    error.describe()
