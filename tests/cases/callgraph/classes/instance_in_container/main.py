class Dog:
    def bark(self):
        pass
dogs = [Dog() for _ in range(2)]
for dog in dogs:
    dog.bark()
