def a():
    pass
def b():
    pass
grid = [[a], [b]]
grid[1][0]()
for row in grid:
    for f in row:
        f()
