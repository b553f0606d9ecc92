def near_job():
    pass
