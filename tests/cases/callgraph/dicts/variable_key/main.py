import sys
def on():
    pass
def off():
    pass
table = {"on": on, "off": off}
key = "off"
table[key]()
def pick(name):
    table[name]()
pick(sys.argv[0] if len(sys.argv) > 5 else "on")
