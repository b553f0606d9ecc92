import a
def other():
    a.back()
