def job():
    pass
job()
def job():
    return 1
job()
