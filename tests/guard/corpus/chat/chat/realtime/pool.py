class ConnectionPoolManager:
    def __init__(self, make, size: int) -> None:
        self._make = make
        self._size = size
        self._free: list = []

    async def connect(self):
        return self._free.pop() if self._free else await self._make()

    async def disconnect(self, connection) -> None:
        if len(self._free) < self._size:
            self._free.append(connection)
        else:
            await connection.close()

    def resize(self, size: int) -> None:
        self._size = size
