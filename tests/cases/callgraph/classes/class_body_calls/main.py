def make():
    return 1
class Config:
    value = make()
