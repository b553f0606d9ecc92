def on():
    pass
def off():
    pass
table = {"on": on, "off": off}
table["on"]()
