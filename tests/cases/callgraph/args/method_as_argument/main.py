class Bell:
    def ring(self):
        self.swing()
    def swing(self):
        pass
def do(action):
    action()
do(Bell().ring)
