"""Database sessions for the settlement run.

Settlement pays out after each race with up to 40 threads.  They share a few
sessions, which are opened at the start and kept till the end of the day.
"""

import queue
import threading

import psycopg2


class SessionFarm:
    def __init__(self, dsn, size=8):
        self.dsn = dsn
        self.size = size
        self.idle = queue.Queue()
        self.all = []
        for _ in range(size):
            self._grow()

    def _grow(self):
        session = psycopg2.connect(self.dsn)
        session.set_session(isolation_level="SERIALIZABLE")
        self.all.append(session)
        self.idle.put(session)

    def lease(self, seconds=60):
        """Get a session for this thread alone."""
        session = self.idle.get(timeout=seconds)
        if session.closed:
            self.all.remove(session)
            self._grow()
            return self.lease(seconds)
        return session

    def giveBack(self, session):
        if session.status != psycopg2.extensions.STATUS_READY:
            session.rollback()
        self.idle.put(session)

    def tearDown(self):
        for session in self.all:
            session.close()
        self.all = []


class PayoutThread(threading.Thread):
    def __init__(self, farm, raceId, tickets):
        threading.Thread.__init__(self)
        self.farm = farm
        self.raceId = raceId
        self.tickets = tickets

    def run(self):
        session = self.farm.lease()
        try:
            cur = session.cursor()
            for ticket, amount in self.tickets:
                cur.execute(
                    "UPDATE tickets SET paid = %s WHERE id = %s AND race = %s",
                    (amount, ticket, self.raceId),
                )
            session.commit()
        finally:
            self.farm.giveBack(session)


def settleRace(dsn, raceId, tickets):
    farm = SessionFarm(dsn)
    threads = [PayoutThread(farm, raceId, tickets[i::40]) for i in range(40)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    farm.tearDown()
