def top_job():
    pass
