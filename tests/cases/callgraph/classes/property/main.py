class Disk:
    @property
    def size(self):
        return self.read()
    @size.setter
    def size(self, value):
        self.write()
    def read(self):
        return 1
    def write(self):
        pass
disk = Disk()
disk.size
disk.size = 2
