class Query:
    def filter(self):
        return self
    def all(self):
        return []
Query().filter().all()
