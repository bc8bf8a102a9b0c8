class SqlIndexer:
    def __init__(self, connection):
        self.connection = connection
        self.names = []

    def create(self, table, column):
        name = f"{table}_{column}"
        self.connection.execute(f"create index {name} on {table} ({column})")
        self.names.append(name)

    def analyze(self):
        self.connection.execute("analyze")

    def optimize(self):
        self.connection.execute("vacuum")
