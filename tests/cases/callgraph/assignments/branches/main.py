import sys
def left():
    pass
def right():
    pass
if len(sys.argv) > 1:
    turn = left
else:
    turn = right
turn()
