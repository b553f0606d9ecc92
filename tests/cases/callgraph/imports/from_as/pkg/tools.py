def job():
    pass
def other():
    pass
