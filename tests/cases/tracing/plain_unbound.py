def returned(flag):
    if flag:
        left = 1
    try:
        return left
    except NameError:
        pass
    return left


def many(flag):
    seen = []
    xs, table = [1, 2], {}
    if flag:
        a = b = k = 1
    for turn in range(9):
        try:
            if turn == 0:
                c = a
            elif turn == 1:
                xs[0] = a
            elif turn == 2:
                xs[k] = 5
            elif turn == 3:
                table[k] = a
            elif turn == 4:
                a += 1
            elif turn == 5:
                c, d = a, b
            elif turn == 6:
                while a < b:
                    pass
            elif turn == 7:
                for c in a:
                    pass
            else:
                del a
        except NameError:
            seen.append(turn)
    return seen, xs, table


def yielding(flag):
    if flag:
        a = 1
    try:
        yield a
    except NameError:
        yield 2
    return a


for flag in (0, 1):
    for function in (returned, many, lambda flag: list(yielding(flag))):
        try:
            function(flag)
        except NameError as error:
            print(type(error).__name__)
