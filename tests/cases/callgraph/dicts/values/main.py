def a():
    pass
def b():
    pass
for f in {"x": a}.values():
    f()
for name, f in {"y": b}.items():
    f()
