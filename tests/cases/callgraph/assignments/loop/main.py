def start():
    return middle
def middle():
    return end
def end():
    return end
step = start
for _ in range(3):
    step = step()
