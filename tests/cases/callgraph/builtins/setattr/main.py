class Box:
    pass
def job():
    pass
box = Box()
setattr(box, "run", job)
box.run()
