class Rocket:
    def launch_now(self):
        pass
def use(thing):
    thing.launch_now()
