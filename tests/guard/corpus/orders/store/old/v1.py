class OrderRepositoryV1:
    def __init__(self, session):
        self.session = session

    def find_by_id(self, key):
        return self.session.query("orders").get(key)

    def save(self, row):
        self.session.add(row)
        self.session.commit()
