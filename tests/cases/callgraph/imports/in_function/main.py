def run():
    from tools import job
    job()
run()
