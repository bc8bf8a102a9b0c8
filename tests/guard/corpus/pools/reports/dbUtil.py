# helpers of the reporting department
import time
from contextlib import contextmanager
from threading import Lock

import psycopg2
import psycopg2.extras

REPLICA = "host=replica1 dbname=tote user=reports"


class ConnectionBroker:
    """Hands out connections to the replica and takes them back for the next report.

    Connections older than MAX_AGE are replaced, as the firewall cuts them.
    """

    MAX_AGE = 1800

    def __init__(self, dsn=REPLICA, limit=6):
        self.dsn = dsn
        self.limit = limit
        self.shelf = []
        self.lent = 0
        self.lock = Lock()

    def borrow(self):
        while True:
            with self.lock:
                if self.shelf:
                    born, conn = self.shelf.pop(0)
                    if time.time() - born > self.MAX_AGE:
                        conn.close()
                        continue
                    self.lent += 1
                    return conn
                if self.lent < self.limit:
                    self.lent += 1
                    conn = psycopg2.connect(
                        self.dsn, cursor_factory=psycopg2.extras.DictCursor
                    )
                    conn.autocommit = True
                    return conn
            time.sleep(0.1)

    def handBack(self, conn):
        with self.lock:
            self.lent -= 1
            if not conn.closed:
                self.shelf.append((time.time(), conn))

    @contextmanager
    def borrowed(self):
        conn = self.borrow()
        try:
            yield conn
        finally:
            self.handBack(conn)

    def closeShelf(self):
        with self.lock:
            while self.shelf:
                self.shelf.pop()[1].close()


broker = ConnectionBroker()


def turnoverOfDay(day):
    with broker.borrowed() as conn:
        cur = conn.cursor()
        cur.execute(
            "SELECT track, sum(stake) FROM bets WHERE day = %s GROUP BY track", (day,)
        )
        return cur.fetchall()
