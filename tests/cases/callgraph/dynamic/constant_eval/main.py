def job():
    pass
eval("job()")
