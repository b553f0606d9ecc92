class Door:
    def open(self):
        pass
def enter(door: Door):
    door.open()
def leave(door: "Door | None" = None):
    door.open()
