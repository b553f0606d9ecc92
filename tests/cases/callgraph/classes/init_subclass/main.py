class Plugin:
    def __init_subclass__(cls, **options):
        options["register"](cls)


def register(cls):
    pass


class Mine(Plugin, register=register):
    pass
