def kind(value):
    match value:
        case 0:
            return "zero"
        case [x, *rest] if x > 1:
            return x, rest
        case [x, *rest]:
            return "small"
        case {"k": v, **more}:
            return v, more
        case str() as s:
            return s
        case _:
            return None


for v in (0, [2, 3], [1], {"k": 1, "z": 2}, "s", 4.5):
    kind(v)
