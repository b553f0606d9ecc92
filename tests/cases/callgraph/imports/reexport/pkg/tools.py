from . import helper
def job():
    helper.assist()
