def a():
    pass
def b():
    pass
def run(command):
    match command:
        case [first, _]:
            first()
        case {"do": job}:
            job()
        case other:
            pass
run([a, 1])
run({"do": b})
