class OrderDao:
    """Data access object for orders."""

    def __init__(self, connection):
        self.connection = connection

    def find_by_id(self, key):
        cursor = self.connection.execute("select * from orders where id = ?", [key])
        return cursor.fetchone()

    def find_open(self):
        return self.connection.execute("select * from orders where is_open").fetchall()

    def save(self, order):
        self.connection.execute(
            "insert into orders values (?, ?, ?)",
            [order.id, order.customer_id, order.total],
        )

    def delete_by_id(self, key):
        self.connection.execute("delete from orders where id = ?", [key])
