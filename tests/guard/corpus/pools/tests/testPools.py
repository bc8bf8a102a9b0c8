import threading
import unittest
from unittest import mock

from tests.fakePool import FakePool
from tote.db.dbPool import DbPool
from tote.db.morePools import WatchedPool
from tote.db.oldFace import DbAccess
from tote.db.poolTypes import DbSettings, PoolClosed, PoolEmpty


class DbPoolTest(unittest.TestCase):
    def setUp(self):
        patcher = mock.patch(
            "tote.db.dbPool.psycopg2.connect", side_effect=lambda dsn: mock.Mock()
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        self.pool = DbPool(DbSettings("h", "d", "u", "p", maxConns=1))

    def testReuse(self):
        first = self.pool.getConn()
        self.pool.putConn(first)
        self.assertIs(self.pool.getConn(), first)

    def testEmpty(self):
        self.pool.getConn()
        self.assertRaises(PoolEmpty, self.pool.getConn, 0.01)

    def testWaits(self):
        conn = self.pool.getConn()
        threading.Timer(0.05, self.pool.putConn, [conn]).start()
        self.assertIs(self.pool.getConn(2), conn)

    def testClosed(self):
        self.pool.closeAll()
        self.assertRaises(PoolClosed, self.pool.getConn)


class AroundTest(unittest.TestCase):
    def testWatched(self):
        fake = FakePool()
        pool = WatchedPool(fake)
        pool.putConn(pool.getConn(), True)
        self.assertEqual(fake.log, ["get", "broken"])

    def testOldFace(self):
        fake = FakePool()
        access = DbAccess(fake)
        access.disconnect(access.connect())
        access.shutdown()
        self.assertEqual(fake.log, ["get", "put", "close"])


if __name__ == "__main__":
    unittest.main()
