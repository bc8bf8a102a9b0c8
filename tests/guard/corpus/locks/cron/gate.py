from datetime import timedelta


class CronGate:
    """All hosts have the same crontab; the gate lets one in for each name.

    CREATE TABLE cron_locks (name text PRIMARY KEY, host text, until timestamptz)
    """

    def __init__(self, pool, host):
        self.pool = pool
        self.host = host

    async def enter(self, name: str, longest: timedelta) -> bool:
        row = await self.pool.fetchrow(
            """
            INSERT INTO cron_locks (name, host, until) VALUES ($1, $2, now() + $3)
            ON CONFLICT (name) DO UPDATE SET host = $2, until = now() + $3
            WHERE cron_locks.until < now()
            RETURNING host
            """,
            name,
            self.host,
            longest,
        )
        return row is not None

    async def leave(self, name: str) -> None:
        await self.pool.execute(
            "DELETE FROM cron_locks WHERE name = $1 AND host = $2", name, self.host
        )
