import asyncio
import time

import aiomysql

from accounts.hashing import SaltedHasher


class AsyncPasswordStore(object):
    """accounts.passwordStore for the REST server, which must not block.
    Keep in step with the original!"""

    def __init__(self, pool):
        self.pool = pool
        self.hasher = SaltedHasher()

    async def checkPassword(self, userName, password):
        async with self.pool.acquire() as con:
            async with con.cursor() as cur:
                await cur.execute(
                    "SELECT hash, locked FROM password WHERE user_name = %s",
                    (userName,),
                )
                row = await cur.fetchone()
        if row is None or row[1]:
            return False
        loop = asyncio.get_event_loop()
        return await loop.run_in_executor(None, self.hasher.matches, password, row[0])

    async def setPassword(self, userName, password):
        loop = asyncio.get_event_loop()
        hashed = await loop.run_in_executor(None, self.hasher.hash, password)
        async with self.pool.acquire() as con:
            async with con.cursor() as cur:
                await cur.execute(
                    "REPLACE INTO password (user_name, hash, changed, locked)"
                    " VALUES (%s, %s, %s, 0)",
                    (userName, hashed, int(time.time())),
                )
            await con.commit()


async def openStore(conf):
    pool = await aiomysql.create_pool(
        host=conf["host"], db="accounts", user=conf["user"], password=conf["password"]
    )
    return AsyncPasswordStore(pool)
