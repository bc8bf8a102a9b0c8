import asyncpg


class DatabaseManager:
    def __init__(self, url: str) -> None:
        self.url = url
        self.pool = None
        self.statements: dict[str, str] = {}

    async def connect(self) -> None:
        self.pool = await asyncpg.create_pool(self.url)

    async def disconnect(self) -> None:
        await self.pool.close()

    async def fetch(self, name: str, *values):
        async with self.pool.acquire() as connection:
            return await connection.fetch(self.statements[name], *values)

    def is_online(self) -> bool:
        return self.pool is not None
