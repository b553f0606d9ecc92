def use(thing):
    thing()
    thing.run()
