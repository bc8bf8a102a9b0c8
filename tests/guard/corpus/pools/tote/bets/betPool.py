"""The pools of the parimutuel: win, place, exacta."""

from decimal import ROUND_DOWN, Decimal


class BetPool:
    """All the stakes on one race and one kind of bet; what is left after the takeout is paid."""

    def __init__(self, raceId, kind, takeout="0.16"):
        self.raceId = raceId
        self.kind = kind
        self.takeout = Decimal(takeout)
        self.stakes = {}
        self.closed = False

    def put(self, runner, amount):
        if self.closed:
            raise BetPoolClosed(self.raceId)
        self.stakes[runner] = self.stakes.get(runner, Decimal(0)) + amount

    def getTotal(self):
        return sum(self.stakes.values(), Decimal(0))

    def getOdds(self, runner):
        net = self.getTotal() * (1 - self.takeout)
        return (net / self.stakes[runner]).quantize(Decimal("0.1"), ROUND_DOWN)

    def close(self):
        self.closed = True


class BetPoolClosed(Exception):
    pass


class BetPoolStore:
    """Reads and writes the betting pools of a race in the database."""

    def __init__(self, dbPool):
        self.dbPool = dbPool

    def load(self, raceId, kind):
        return self.dbPool.run(self._load, raceId, kind)

    def _load(self, conn, raceId, kind):
        cur = conn.cursor()
        cur.execute(
            "SELECT runner, stake FROM pools WHERE race = %s AND kind = %s",
            (raceId, kind),
        )
        pool = BetPool(raceId, kind)
        for runner, stake in cur.fetchall():
            pool.put(runner, stake)
        return pool

    def addStake(self, raceId, kind, runner, amount):
        def work(conn):
            conn.cursor().execute(
                "UPDATE pools SET stake = stake + %s WHERE race = %s AND kind = %s AND runner = %s",
                (amount, raceId, kind, runner),
            )

        self.dbPool.run(work)
